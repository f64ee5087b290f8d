namespace Lowrank.Graphs;

/// <summary>Where ComfyUI's check of a graph stops with an exception of Python's.</summary>
/// <param name="kind">The name of Python's exception.</param>
/// <param name="words">Its message.</param>
class CheckFailure(string kind, string words) : Exception(words)
{
    /// <summary>Whether the answer names a node for it.</summary>
    public virtual bool NamesNode => true;

    /// <summary>As the answer has it.</summary>
    public NodeFault Fault(
        string type,
        string message,
        IEnumerable<KeyValuePair<string, object?>> before,
        IEnumerable<KeyValuePair<string, object?>>? after = null) =>
        new(type, message, Message)
        {
            Extra = new OrderedDictionary<string, object?>(
            [
                .. before,
                new("exception_message", Message),
                new("exception_type", kind),
                new("traceback", new List<object?>()),
                .. after ?? [],
            ]),
        };
}
