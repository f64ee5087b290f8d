namespace Lowrank.Language;

/// <summary>A line of a tab-separated file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Fields">What stands between the tabs.</param>
public sealed record TabRow(string Path, int Line, IReadOnlyList<string> Fields);
