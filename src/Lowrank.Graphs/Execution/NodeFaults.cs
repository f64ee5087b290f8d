namespace Lowrank.Graphs;

/// <summary>What is wrong with a node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Faults">One or more.</param>
/// <param name="Dependent">Ids of the outputs that do not run for it.</param>
public sealed record NodeFaults(PlacedNode Node, IReadOnlyList<NodeFault> Faults, IReadOnlyList<string> Dependent)
{
    /// <summary>As JSON has it.</summary>
    public OrderedDictionary<string, object?> Written() => new()
    {
        ["errors"] = Faults.Select(fault => fault.Written()).ToList(),
        ["dependent_outputs"] = Dependent,
        ["class_type"] = Node.ClassType,
    };
}
