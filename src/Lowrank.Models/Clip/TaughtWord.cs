namespace Lowrank.Models;

/// <summary>A word that stands for vectors of its own (textual inversion).</summary>
/// <param name="Name">What prompts call it, in lower case.</param>
/// <param name="Ids">An id for each of its vectors, from the vocabulary's end on.</param>
public sealed record TaughtWord(string Name, IReadOnlyList<long> Ids);
