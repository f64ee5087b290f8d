namespace Lowrank.Graphs;

/// <summary>A graph that is being written, node after node; ids count from 1.</summary>
public sealed class GraphDraft
{
    readonly List<PlacedNode> nodes = [];

    /// <summary>The graph so far.</summary>
    public ApiGraph Graph => new(nodes);

    /// <summary>Adds a node.</summary>
    /// <param name="classType">The name of its class.</param>
    /// <param name="inputs">Links, texts, switches and numbers by name.</param>
    /// <returns>Its first output; the others are <c>with { Slot = 1 }</c> and so on.</returns>
    /// <exception cref="LowrankException">A value is of a kind that no graph holds, or a name stands twice.</exception>
    public GraphLink Add(string classType, params IReadOnlyList<(string Name, object Value)> inputs)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(classType);
        ArgumentNullException.ThrowIfNull(inputs);
        string id = (nodes.Count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var written = new OrderedDictionary<string, object?>();
        foreach (var (name, value) in inputs)
            if (!written.TryAdd(name, value))
                throw new LowrankException($"Node {id} ({classType}) is given {name} twice. Leave one out.");
        nodes.Add(new PlacedNode(id, classType, written).InGraphKinds());
        return new(id, 0);
    }
}
