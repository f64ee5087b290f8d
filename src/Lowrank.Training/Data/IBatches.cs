namespace Lowrank.Training;

/// <summary>Which examples are learnt together, and when.</summary>
public interface IBatches
{
    /// <summary>Batches in a pass over the data.</summary>
    int PerEpoch { get; }

    /// <summary>Batch <paramref name="number"/>, counted from the run's beginning: one and the same at every call.</summary>
    Batch this[long number] { get; }
}
