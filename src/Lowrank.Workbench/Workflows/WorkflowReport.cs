namespace Lowrank.Workbench;

/// <summary>What a graph made.</summary>
/// <param name="Files">The files written, in order; previews among them.</param>
/// <param name="Texts">Texts that it showed.</param>
/// <param name="Account">What was taken of the graph, and what was not.</param>
public sealed record WorkflowReport(IReadOnlyList<string> Files, IReadOnlyList<string> Texts, IReadOnlyList<AccountLine> Account);
