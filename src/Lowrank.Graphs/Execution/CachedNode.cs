namespace Lowrank.Graphs;

/// <summary>What a node computed, kept for the next run.</summary>
/// <param name="values">A value for each output.</param>
/// <param name="shows">What it showed.</param>
/// <param name="owned">Tensors and other things that are freed with it.</param>
sealed class CachedNode(IReadOnlyList<GraphValue> values, NodeShows shows, IReadOnlyList<IDisposable> owned) : IDisposable
{
    /// <summary>A value for each output.</summary>
    public IReadOnlyList<GraphValue> Values => values;

    /// <summary>What it showed.</summary>
    public NodeShows Shows => shows;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var thing in owned.Reverse()) thing.Dispose();
    }
}
