namespace Lowrank.Graphs;

/// <summary>The nodes that are still to be computed, and which comes next (comfy_execution/graph.py of ComfyUI 0.3.64).</summary>
sealed class PendingNodes
{
    readonly ApiGraph graph;
    readonly OrderedDictionary<string, HashSet<string>> waitsFor = [];

    /// <summary>The outputs and all that they hang on and that is not cached.</summary>
    public PendingNodes(ApiGraph graph, IEnumerable<string> outputs, Func<string, bool> isCached)
    {
        this.graph = graph;
        foreach (string output in outputs) Add(output, isCached);
    }

    void Add(string output, Func<string, bool> isCached)
    {
        var open = new Stack<string>([output]);
        while (open.TryPop(out string? id))
        {
            if (waitsFor.ContainsKey(id)) continue;
            // What an input that the class has not is linked to, is not asked for.
            var node = GraphNodes.Of(graph[id]);
            var links = graph[id].Links.Where(link => node.Input(link.Key) is not null);
            var above = links.Select(link => link.Value.From).Where(from => !isCached(from)).ToHashSet();
            waitsFor[id] = above;
            foreach (string from in above) open.Push(from);
        }
    }

    /// <summary>Ids of all that are left.</summary>
    public IReadOnlyList<string> Left => [.. waitsFor.Keys];

    /// <summary>
    /// The next one: an output if one is ready, else a node before an output, so that people see something soon; null if none is left.
    /// </summary>
    public string? Next()
    {
        var ready = waitsFor.Where(pair => pair.Value.Count == 0).Select(pair => pair.Key).ToList();
        return ready.Find(IsOutput)
            ?? ready.Find(id => Behind(id).Any(IsOutput))
            ?? ready.Find(id => Behind(id).SelectMany(Behind).Any(IsOutput))
            ?? ready.FirstOrDefault();
    }

    /// <summary>Takes out a node that is done.</summary>
    public void Done(string id)
    {
        waitsFor.Remove(id);
        foreach (var above in waitsFor.Values) above.Remove(id);
    }

    IEnumerable<string> Behind(string id) => waitsFor.Where(pair => pair.Value.Contains(id)).Select(pair => pair.Key);

    bool IsOutput(string id) => GraphNodes.Of(graph[id]).IsOutput;
}
