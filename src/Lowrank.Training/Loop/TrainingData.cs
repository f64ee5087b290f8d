namespace Lowrank.Training;

/// <summary>What is learnt from.</summary>
/// <param name="Count">Number of examples.</param>
/// <param name="BatchesPerEpoch">Batches in a pass over them.</param>
public sealed record TrainingData(int Count, int BatchesPerEpoch);
