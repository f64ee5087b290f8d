using System.Numerics;

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
    public GraphLink Add(string classType, params IReadOnlyList<(string Name, object Value)> inputs)
    {
        string id = (nodes.Count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        nodes.Add(new(id, classType, new OrderedDictionary<string, object?>(
            inputs.Select(input => KeyValuePair.Create(input.Name, Written(input.Value))))));
        return new(id, 0);
    }

    static object? Written(object value) => value switch
    {
        GraphLink link => link.Written,
        int number => new BigInteger(number),
        long number => new BigInteger(number),
        ulong number => new BigInteger(number),
        _ => value,
    };
}
