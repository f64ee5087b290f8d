namespace Lowrank.Graphs;

/// <summary>Checks a graph as ComfyUI 0.3.64's <c>/prompt</c> does (execution.py, validate_prompt), and converts its values.</summary>
public static class GraphValidation
{
    /// <summary>Checks what the outputs need; of other nodes the class alone.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="folders">Where its files lie.</param>
    /// <param name="targets">Ids of the outputs that are to run; null is all of them.</param>
    public static GraphVerdict Check(ApiGraph graph, GraphFolders folders, IReadOnlyCollection<string>? targets = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(folders);
        var outputs = new List<string>();
        foreach (var placed in graph.Nodes)
        {
            if (placed.ClassType is null)
                return Refused(graph, "Cannot execute because a node is missing the class_type property.", $"Node ID '#{placed.Id}'");
            if (GraphNodes.Find(placed.ClassType) is not { } node)
                return Refused(graph, $"Cannot execute because node {placed.ClassType} does not exist.", $"Node ID '#{placed.Id}'");
            if (node.IsOutput && targets?.Contains(placed.Id) != false) outputs.Add(placed.Id);
        }
        if (outputs.Count == 0) return new(graph, [], NoFaults, new("prompt_no_outputs", "Prompt has no outputs", ""));
        return Judged(new NodeChecks(graph, folders), outputs);
    }

    static readonly Dictionary<string, NodeFaults> NoFaults = [];

    static GraphVerdict Refused(ApiGraph graph, string message, string details) =>
        new(graph, [], NoFaults, new("invalid_prompt", message, details));

    static GraphVerdict Judged(NodeChecks checks, List<string> outputs)
    {
        var good = new List<string>();
        var faults = new OrderedDictionary<string, NodeFaults>();
        var said = new List<string>();
        foreach (string output in outputs)
        {
            if (checks.IsGood(output))
            {
                good.Add(output);
                continue;
            }
            said.AddRange(checks.FaultsOf(output).Select(fault => $"{fault.Message}: {fault.Details}"));
            // As ComfyUI has it, every fault found so far is told of this output, whether it hangs on that node or not.
            foreach (var (id, found) in checks.Found)
                faults[id] = faults.TryGetValue(id, out var known)
                    ? known with { Dependent = [.. known.Dependent, output] }
                    : new(checks.Graph[id], found, [output]);
        }
        var fault = good.Count > 0 ? null
            : new NodeFault("prompt_outputs_failed_validation", "Prompt outputs failed validation", string.Join('\n', said));
        return new(checks.Converted(), good, faults, fault);
    }
}
