using Lowrank.Graphs;

namespace Lowrank.Workbench;

/// <summary>What a graph would do.</summary>
/// <param name="Graph">The file that holds it.</param>
/// <param name="Nodes">The nodes that would run, in order; empty if it cannot run.</param>
/// <param name="Faults">Why it cannot run, a sentence each.</param>
/// <param name="Account">What of the graph is not used as it stands.</param>
public sealed record WorkflowPlan(
    string Graph, IReadOnlyList<PlannedNode> Nodes, IReadOnlyList<string> Faults, IReadOnlyList<AccountLine> Account);
