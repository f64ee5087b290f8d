using System.Numerics;

namespace Lowrank.Graphs;

/// <summary>A link of a graph as ComfyUI's interface saves it.</summary>
/// <param name="From">The node that it leads from.</param>
/// <param name="FromSlot">Which of its outputs.</param>
/// <param name="To">The node that it leads to.</param>
/// <param name="ToSlot">Which of its inputs.</param>
public sealed record SavedLink(string From, int FromSlot, string To, int ToSlot)
{
    /// <summary>Reads the links of a graph, by their ids: lists of six, or objects in newer documents.</summary>
    /// <exception cref="LowrankException">One is neither.</exception>
    public static Dictionary<string, SavedLink> Read(IEnumerable<object?> written) =>
        SavedGraph.ById(written.Where(link => link is not null).Select(Read), pair => pair.Id, "links")
            .ToDictionary(pair => pair.Key, pair => pair.Value.Link);

    static (string Id, SavedLink Link) Read(object? written) => written switch
    {
        IReadOnlyList<object?> { Count: >= 5 } list => (Id(list[0]), new(Id(list[1]), Slot(list[2]), Id(list[3]), Slot(list[4]))),
        IReadOnlyDictionary<string, object?> fields => (Id(fields.GetValueOrDefault("id")), new(
            Id(fields.GetValueOrDefault("origin_id")), Slot(fields.GetValueOrDefault("origin_slot")),
            Id(fields.GetValueOrDefault("target_id")), Slot(fields.GetValueOrDefault("target_slot")))),
        _ => throw new LowrankException(
            $"A link of the saved graph is {PythonText.Repr(written)}, and must be a list of six or an object."),
    };

    /// <summary>An id, which documents write as a number or a text.</summary>
    internal static string Id(object? written) => PythonText.Str(written);

    static int Slot(object? written) => written is BigInteger slot && slot >= 0 && slot < int.MaxValue ? (int)slot : 0;
}
