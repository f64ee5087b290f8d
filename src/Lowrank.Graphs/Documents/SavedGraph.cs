namespace Lowrank.Graphs;

/// <summary>A graph as ComfyUI's interface saves it: boxes with places, widgets and links.</summary>
/// <param name="Nodes">The boxes.</param>
/// <param name="Links">The links by their ids.</param>
public sealed record SavedGraph(IReadOnlyList<SavedNode> Nodes, IReadOnlyDictionary<string, SavedLink> Links)
{
    /// <summary>Whether read JSON is one.</summary>
    public static bool Is(object? document) => document is IReadOnlyDictionary<string, object?> fields
        && fields.GetValueOrDefault("nodes") is IReadOnlyList<object?> && fields.ContainsKey("links");

    /// <summary>The graph that read JSON describes.</summary>
    /// <exception cref="LowrankException">Something in it is not understood, or it holds subgraphs or group nodes.</exception>
    public static SavedGraph Of(object? document)
    {
        var fields = (IReadOnlyDictionary<string, object?>)document!;
        var nodes = ((IReadOnlyList<object?>)fields["nodes"]!).Select(SavedNode.Read).ToList();
        var links = fields["links"] as IReadOnlyList<object?> ?? [];
        RefuseNested(fields, nodes);
        return new(nodes, SavedLink.Read(links));
    }

    /// <summary>Things by their ids.</summary>
    /// <exception cref="LowrankException">Two have the same.</exception>
    internal static Dictionary<string, T> ById<T>(IEnumerable<T> things, Func<T, string> idOf, string what)
    {
        var byId = new Dictionary<string, T>();
        foreach (var thing in things)
            if (!byId.TryAdd(idOf(thing), thing))
                throw new LowrankException(
                    $"Two {what} of the saved graph have the id {idOf(thing)}. Open it in ComfyUI and save it again.");
        return byId;
    }

    static void RefuseNested(IReadOnlyDictionary<string, object?> fields, List<SavedNode> nodes)
    {
        const string advice = "Unpack it in ComfyUI, or export the graph in the API format (Workflow > Export (API)).";
        var definitions = fields.GetValueOrDefault("definitions") as IReadOnlyDictionary<string, object?>;
        var subgraphs = (definitions?.GetValueOrDefault("subgraphs") as IReadOnlyList<object?> ?? [])
            .OfType<IReadOnlyDictionary<string, object?>>().GroupBy(graph => PythonText.Str(graph.GetValueOrDefault("id")))
            .ToDictionary(graphs => graphs.Key, graphs => graphs.First());
        foreach (var node in nodes)
        {
            if (subgraphs.TryGetValue(node.Type, out var graph))
                throw new LowrankException(
                    $"Node {node.Id} is the subgraph \"{graph.GetValueOrDefault("name")}\", which is not done here. {advice}");
            if (node.Type.StartsWith("workflow>", StringComparison.Ordinal) || node.Type.StartsWith("workflow/", StringComparison.Ordinal))
                throw new LowrankException($"Node {node.Id} is the group node \"{node.Type[9..]}\", which is not done here. {advice}");
        }
    }
}
