namespace Lowrank.Training;

/// <summary>What is learnt from.</summary>
/// <param name="Count">Number of examples.</param>
/// <param name="Fingerprint">A hash of all that makes the data what they are; with another one a run cannot go on where it stood.</param>
/// <param name="Changed">How an error says that they have become others: "other pictures than DIR holds now".</param>
public sealed record TrainingData(int Count, string Fingerprint, string Changed);
