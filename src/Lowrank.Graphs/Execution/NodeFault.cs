namespace Lowrank.Graphs;

/// <summary>What is wrong with a node or a whole graph, as ComfyUI's <c>/prompt</c> says it.</summary>
/// <param name="Type">Its kind: "required_input_missing", ...</param>
/// <param name="Message">In words.</param>
/// <param name="Details">Where, or with which value.</param>
public sealed record NodeFault(string Type, string Message, string Details)
{
    /// <summary>More of it, by name.</summary>
    public IReadOnlyDictionary<string, object?> Extra { get; init; } = new OrderedDictionary<string, object?>();

    /// <summary>As JSON has it.</summary>
    public OrderedDictionary<string, object?> Written() =>
        new() { ["type"] = Type, ["message"] = Message, ["details"] = Details, ["extra_info"] = Extra };
}
