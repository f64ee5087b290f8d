namespace Lowrank.Graphs;

/// <summary>A node could not be computed. Those that were done before stay in the cache.</summary>
/// <param name="node">The node.</param>
/// <param name="done">Ids of the nodes that were computed before in this run.</param>
/// <param name="cause">Why.</param>
/// <param name="saved">Files that the node itself had saved before it failed.</param>
public sealed class GraphFailure(PlacedNode node, IReadOnlyList<string> done, Exception cause, IReadOnlyList<ShownFile> saved)
    : LowrankException($"Node {node} failed: {cause.Message}", cause)
{
    /// <summary>The node.</summary>
    public PlacedNode Node => node;

    /// <summary>Ids of the nodes that were computed before in this run.</summary>
    public IReadOnlyList<string> Done => done;

    /// <summary>Files that the node itself had saved before it failed.</summary>
    public IReadOnlyList<ShownFile> Saved => saved;
}
