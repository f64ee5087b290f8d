namespace Lowrank.Graphs;

/// <summary>A graph that was read from a file.</summary>
/// <param name="Graph">As the server takes it.</param>
/// <param name="Workflow">As the interface saves it, as <see cref="PythonJson"/> reads it; null if the file does not say.</param>
/// <param name="Notes">What was left out or passed through, a sentence each.</param>
public sealed record ReadGraph(ApiGraph Graph, object? Workflow, IReadOnlyList<string> Notes)
{
    /// <summary>What saved files tell besides the graph that was run.</summary>
    public IReadOnlyDictionary<string, object?> Extra =>
        Workflow is null ? new Dictionary<string, object?>() : new Dictionary<string, object?> { ["workflow"] = Workflow };
}
