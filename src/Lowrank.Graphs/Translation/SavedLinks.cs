namespace Lowrank.Graphs;

/// <summary>Follows the links of a saved graph back to what stands behind them.</summary>
/// <param name="nodes">The nodes by their ids.</param>
/// <param name="links">The links by their ids.</param>
sealed class SavedLinks(IReadOnlyDictionary<string, SavedNode> nodes, IReadOnlyDictionary<string, SavedLink> links)
{
    /// <summary>
    /// What stands behind the link of an input: a <see cref="GraphLink"/>, or the value of a primitive; null if there is nothing.
    /// </summary>
    public object? SourceOf(SavedSlot input) => Behind(input.Link, input.Type, []);

    object? Behind(string? id, string type, HashSet<string> seen)
    {
        if (id is null || !seen.Add(id) || !links.TryGetValue(id, out var link) || !nodes.TryGetValue(link.From, out var from)) return null;
        if (from.Type == "PrimitiveNode") return FirstOf(from.Widgets);
        if (from.IsVirtual) return Behind(from.Inputs is [var only, ..] ? only.Link : null, type, seen);
        return from.IsBypassed ? Behind(Through(from, link.FromSlot, type)?.Link, type, seen) : new GraphLink(link.From, link.FromSlot);
    }

    static object? FirstOf(object? widgets) => widgets is IReadOnlyList<object?> { Count: > 0 } list ? list[0] : null;

    // The input that stands for an output of a bypassed node: that of the same slot if it fits, else the first of just this type, else the
    // first that fits.
    static SavedSlot? Through(SavedNode node, int slot, string type)
    {
        var opposite = slot < node.Inputs.Count ? node.Inputs[slot] : null;
        bool fits = opposite is not null && slot < node.Outputs.Count
            && SavedSlot.Fits(opposite.Type, node.Outputs[slot].Type) && SavedSlot.Fits(opposite.Type, type);
        if (fits) return opposite;
        return node.Inputs.FirstOrDefault(input => input.Type == type)
            ?? node.Inputs.FirstOrDefault(input => SavedSlot.Fits(input.Type, type));
    }
}
