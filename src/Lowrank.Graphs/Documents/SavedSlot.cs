namespace Lowrank.Graphs;

/// <summary>An input or output of a node as ComfyUI's interface saves it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type; "*" is any.</param>
/// <param name="Link">The id of the link that leads to an input; null if none does.</param>
/// <param name="IsWidget">Whether it is a widget that a link may lead to.</param>
public sealed record SavedSlot(string Name, string Type, string? Link, bool IsWidget)
{
    /// <summary>Reads the slots of a node; none if the document lists none.</summary>
    internal static List<SavedSlot> Read(object? written) =>
        written is IReadOnlyList<object?> list ? [.. list.OfType<IReadOnlyDictionary<string, object?>>().Select(Of)] : [];

    static SavedSlot Of(IReadOnlyDictionary<string, object?> fields) => new(
        fields.GetValueOrDefault("name") as string ?? "",
        PythonText.Str(fields.GetValueOrDefault("type") ?? "*"),
        fields.GetValueOrDefault("link") is { } link ? SavedLink.Id(link) : null,
        fields.GetValueOrDefault("widget") is not null);

    /// <summary>Whether what has this type may go where another is asked for.</summary>
    internal static bool Fits(string type, string asked) =>
        type == asked || type is "*" or "" or "0" || asked is "*" or "" or "0"
        || type.Split(',').Intersect(asked.Split(','), StringComparer.OrdinalIgnoreCase).Any();
}
