namespace Lowrank.Graphs;

/// <summary>What checking a graph found.</summary>
/// <param name="Graph">The graph with its values converted.</param>
/// <param name="Outputs">Ids of the output nodes that can run.</param>
/// <param name="Faults">What is wrong with nodes, by their ids.</param>
/// <param name="Fault">Why nothing can run; null if something can.</param>
public sealed record GraphVerdict(
    ApiGraph Graph, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, NodeFaults> Faults, NodeFault? Fault = null)
{
    /// <summary>What ComfyUI's <c>/prompt</c> answers with: 200 if anything can run.</summary>
    public int Status => Fault is null ? 200 : 400;

    /// <summary>What ComfyUI's <c>/prompt</c> answers, as <see cref="PythonJson"/> writes it.</summary>
    /// <param name="promptId">The id under which the run is known, if anything can run.</param>
    public OrderedDictionary<string, object?> Body(string promptId)
    {
        var faults = new OrderedDictionary<string, object?>();
        foreach (var (id, one) in Faults) faults[id] = one.Written();
        return Fault is { } fault
            ? new() { ["error"] = fault.Written(), ["node_errors"] = faults }
            : new() { ["prompt_id"] = promptId, ["node_errors"] = faults };
    }
}
