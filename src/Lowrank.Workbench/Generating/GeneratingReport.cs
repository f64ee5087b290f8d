namespace Lowrank.Workbench;

/// <summary>The pictures that were drawn.</summary>
/// <param name="Files">The files written, in order; the grid comes last.</param>
public sealed record GeneratingReport(IReadOnlyList<string> Files);
