namespace Lowrank.Torch;

/// <summary>What a bag of words does with its rows.</summary>
/// <param name="Mode">0 adds them, 1 takes the mean, 2 the maximum.</param>
/// <param name="EndsWithLast">Whether the last offset is the end of the last bag.</param>
/// <param name="Padding">The word that is left out; null for none.</param>
readonly record struct BagRule(long Mode, bool EndsWithLast, long? Padding);
