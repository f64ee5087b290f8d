namespace Lowrank.Graphs.Tests;

/// <summary>Graphs of few nodes, which need no model.</summary>
static class SmallGraphs
{
    /// <summary>A grey picture, inverted and shown.</summary>
    public const string Inverted =
        """
        {"1": {"class_type": "EmptyImage", "inputs": {"width": 4, "height": 2, "batch_size": 1, "color": 255}},
         "2": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
         "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "p"}}}
        """;

    /// <summary>The graph with another value of an input.</summary>
    public static ApiGraph With(this ApiGraph graph, string id, string input, object? value) =>
        new(graph.Nodes.Select(node => node.Id != id ? node : node with
        {
            Inputs = new OrderedDictionary<string, object?>(node.Inputs) { [input] = value },
        }));

    /// <summary>The graph without an input.</summary>
    public static ApiGraph Without(this ApiGraph graph, string id, string input) =>
        new(graph.Nodes.Select(node => node.Id != id ? node : node with
        {
            Inputs = new OrderedDictionary<string, object?>(node.Inputs.Where(one => one.Key != input)),
        }));
}
