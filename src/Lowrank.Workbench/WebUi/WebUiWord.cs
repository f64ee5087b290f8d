namespace Lowrank.Workbench;

/// <summary>A word that an embedding file teaches.</summary>
/// <param name="Name">The word.</param>
/// <param name="Path">The file.</param>
/// <param name="Hash">The 12 digits that pictures' texts tell of its file.</param>
public sealed record WebUiWord(string Name, string Path, string Hash);
