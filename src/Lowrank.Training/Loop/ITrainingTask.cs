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

    /// <summary>What it has to tell of the batches that were learnt since it was asked last, by the name under which it is
    /// logged.</summary>
    IReadOnlyDictionary<string, double> TakeMeasures() => new Dictionary<string, double>();
}
