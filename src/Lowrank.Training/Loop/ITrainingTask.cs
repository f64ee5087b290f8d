namespace Lowrank.Training;

/// <summary>What a batch is, and how it becomes a loss. The loop knows nothing else of pictures or text.</summary>
public interface ITrainingTask
{
    /// <summary>
    /// The mean loss of batch <paramref name="number"/>, a scalar with a history; counted from the run's beginning, so that a resumed run
    /// asks for the same ones.
    /// </summary>
    Tensor Loss(long number);

    /// <summary>Batches in a pass over the data; for showing.</summary>
    int BatchesPerEpoch { get; }

    /// <summary>What it has to tell after a step, of its batches or of others, by the name under which it is logged.</summary>
    /// <param name="step">Steps done.</param>
    IReadOnlyDictionary<string, double> Measures(int step) => new Dictionary<string, double>();
}
