namespace Lowrank.Graphs;

/// <summary>What becomes of a node's outputs in the graph that it stands in.</summary>
/// <param name="IsUsed">Whether something that is saved or shown hangs on the output of that number.</param>
/// <param name="LeadsTo">Whether the output of that number leads, through any nodes, into one of that class that is run.</param>
public sealed record OutputUse(Func<int, bool> IsUsed, Func<int, string, bool> LeadsTo);
