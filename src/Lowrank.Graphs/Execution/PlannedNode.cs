namespace Lowrank.Graphs;

/// <summary>A node that is to be run, in words.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Class">Its class.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Inputs">Its inputs: values, or the nodes that they come from.</param>
/// <param name="Outputs">The types of what it gives; empty for a node that saves or shows.</param>
public sealed record PlannedNode(
    string Id, string Class, string Title, IReadOnlyList<KeyValuePair<string, string>> Inputs, IReadOnlyList<string> Outputs)
{
    /// <summary>Describes the nodes that a graph's outputs need, in the order in which they are run.</summary>
    public static IReadOnlyList<PlannedNode> Of(GraphVerdict verdict, GraphFolders folders) =>
        [.. new GraphReview(verdict, folders).NodesInOrder().Select(id => Of(verdict.Graph, verdict.Graph[id]))];

    static PlannedNode Of(ApiGraph graph, PlacedNode placed)
    {
        var node = GraphNodes.Of(placed);
        var inputs = placed.Inputs.Where(input => node.Input(input.Key) is not null)
            .Select(input => KeyValuePair.Create(input.Key, Words(graph, input.Value)));
        return new(placed.Id, node.ClassType, placed.Title ?? node.Title, [.. inputs], node.Outputs);
    }

    static string Words(ApiGraph graph, object? value) => GraphLink.Of(value) is { } link
        ? $"{GraphNodes.Of(graph[link.From]).Outputs[link.Slot]} of {link.From}"
        : PythonText.Str(value);
}
