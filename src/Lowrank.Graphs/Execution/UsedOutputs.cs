namespace Lowrank.Graphs;

/// <summary>Outputs of nodes that something shown or saved hangs on.</summary>
sealed class UsedOutputs
{
    readonly ApiGraph graph;
    readonly Dictionary<GraphLink, List<string>> takers = [];

    /// <summary>Goes back from the outputs of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="order">Ids of the nodes that are run, each after those that it hangs on.</param>
    public UsedOutputs(ApiGraph graph, IReadOnlyList<string> order)
    {
        this.graph = graph;
        foreach (string id in order.Reverse())
        {
            var node = GraphNodes.Of(graph[id]);
            foreach (var (name, link) in graph[id].Links)
            {
                if (node.Input(name) is null) continue;
                bool isTaken = node.IsOutput || node.OutputsOf(name).Any(slot => takers.ContainsKey(new(id, slot)));
                if (!isTaken) continue;
                if (!takers.TryGetValue(link, out var known)) takers[link] = known = [];
                known.Add(id);
            }
        }
    }

    /// <summary>What becomes of a node's outputs.</summary>
    public OutputUse Of(string id) => new(
        slot => takers.ContainsKey(new(id, slot)),
        (slot, classType) => LeadsTo(new(id, slot), classType));

    bool LeadsTo(GraphLink output, string classType)
    {
        var open = new Stack<GraphLink>([output]);
        var seen = new HashSet<string>();
        while (open.TryPop(out var next))
            foreach (string id in takers.GetValueOrDefault(next) ?? [])
            {
                if (graph[id].ClassType == classType) return true;
                if (!seen.Add(id)) continue;
                for (int slot = 0; slot < GraphNodes.Of(graph[id]).Outputs.Count; slot++) open.Push(new(id, slot));
            }
        return false;
    }
}
