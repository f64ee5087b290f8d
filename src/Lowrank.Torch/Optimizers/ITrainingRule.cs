namespace Lowrank.Torch;

/// <summary>
/// Something that acts at every optimizer step beside the optimizer. Every method may be left out; one that holds tensors is disposed by
/// the run.
/// </summary>
public interface ITrainingRule
{
    /// <summary>What a batch's loss gets on top, a scalar with a history; null adds nothing.</summary>
    Tensor? Loss() => null;

    /// <summary>The gradients of a step are whole, and neither measured nor clipped yet.</summary>
    /// <param name="step">Steps done before this one.</param>
    void Backward(int step) { }

    /// <summary>The parameters have moved, and their gradients are still there.</summary>
    /// <param name="step">Steps done before this one.</param>
    void Stepped(int step) { }

    /// <summary>What it has to tell of the last step, by the name under which it is logged.</summary>
    IReadOnlyDictionary<string, double> Measures => new Dictionary<string, double>();

    /// <summary>What a stopped run needs to go on, under stable names, made if it does not exist yet; restored by <c>copy_</c>.</summary>
    IEnumerable<(string Name, Tensor Value)> StateTensors() => [];
}
