namespace Lowrank.Graphs;

/// <summary>A call of ComfyUI's <c>/prompt</c>, as programs keep it: a graph with what is sent beside it.</summary>
/// <param name="Graph">The graph, as the server takes it.</param>
/// <param name="Workflow">The graph as the interface saves it, which saved files tell too; null if the call does not say.</param>
/// <param name="Notes">What of it is not used, a sentence each.</param>
sealed record ServerCall(object? Graph, object? Workflow, IReadOnlyList<string> Notes)
{
    // They say who asks, and when it is done, which means nothing for one run.
    static readonly HashSet<string> ofQueue = ["client_id", "prompt_id", "front", "number"];

    /// <summary>The call that a document is; null if it is none.</summary>
    public static ServerCall? Of(object? document)
    {
        if (document is not IReadOnlyDictionary<string, object?> call) return null;
        bool hasGraph = call.GetValueOrDefault("prompt") is IReadOnlyDictionary<string, object?> inner && !inner.ContainsKey("class_type");
        if (!hasGraph) return null;
        var beside = Fields(Fields(call.GetValueOrDefault("extra_data")).GetValueOrDefault("extra_pnginfo"));
        var idle = call.Keys.Where(name => name is not ("prompt" or "extra_data") && !ofQueue.Contains(name));
        return new(call["prompt"], beside.GetValueOrDefault("workflow"),
            [.. idle.Select(name => $"{name} beside the graph is not used{(name == Targets ? ": all outputs are run" : "")}.")]);
    }

    const string Targets = "partial_execution_targets";

    static IReadOnlyDictionary<string, object?> Fields(object? value) =>
        value as IReadOnlyDictionary<string, object?> ?? new OrderedDictionary<string, object?>();
}
