namespace Lowrank.Graphs;

/// <summary>A node in a graph.</summary>
/// <param name="Id">Its id in the graph.</param>
/// <param name="ClassType">The name of its class; null if the document says none.</param>
/// <param name="Inputs">Written values and links (lists of an id and a slot) by name, in order.</param>
public sealed record PlacedNode(string Id, string? ClassType, IReadOnlyDictionary<string, object?> Inputs)
{
    /// <summary>What people called it; null if nothing is said.</summary>
    public string? Title { get; init; }

    /// <summary>All that the document says of it, in its order; null for one that was not read.</summary>
    public IReadOnlyDictionary<string, object?>? Fields { get; init; }

    /// <summary>Its links by the input's name.</summary>
    public IEnumerable<KeyValuePair<string, GraphLink>> Links =>
        from input in Inputs
        let link = GraphLink.Of(input.Value)
        where link is not null
        select KeyValuePair.Create(input.Key, link);

    /// <summary>The same with values in the kinds that graphs hold; itself where they are.</summary>
    /// <exception cref="LowrankException">A value is of another kind.</exception>
    internal PlacedNode InGraphKinds()
    {
        var taken = new OrderedDictionary<string, object?>();
        foreach (var (name, value) in Inputs) taken[name] = GraphKinds.Of(value, $"{name} of node {this}");
        return Inputs.Values.SequenceEqual(taken.Values, ReferenceEqualityComparer.Instance) ? this : this with { Inputs = taken };
    }

    /// <summary>As errors name it: 5 (KSampler).</summary>
    public override string ToString() => ClassType is null ? Id : $"{Id} ({ClassType})";
}
