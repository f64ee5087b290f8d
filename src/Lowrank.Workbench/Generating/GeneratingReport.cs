namespace Lowrank.Workbench;

/// <summary>The pictures that were drawn.</summary>
/// <param name="Files">The files written, in order; the grid comes last.</param>
/// <param name="Account">What was taken of what was given, and what was not.</param>
public sealed record GeneratingReport(IReadOnlyList<string> Files, IReadOnlyList<AccountLine> Account);
