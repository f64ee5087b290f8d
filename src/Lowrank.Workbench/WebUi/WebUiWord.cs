namespace Lowrank.Workbench;

/// <summary>A word that an embedding file teaches.</summary>
/// <param name="Name">The word.</param>
/// <param name="Vectors">A vector for each token that it stands for, by encoder: (tokens, channels).</param>
/// <param name="Hash">The 12 digits that pictures' texts tell of its file.</param>
public sealed record WebUiWord(string Name, IReadOnlyList<Tensor> Vectors, string Hash);
