namespace Lowrank.Graphs;

/// <summary>A switch.</summary>
/// <param name="Name">Its name in documents.</param>
/// <param name="Value">The default; null if ComfyUI gives none.</param>
public sealed record FlagInput(string Name, bool? Value) : NodeInput(Name, GraphTypes.Flag)
{
    /// <inheritdoc/>
    public override bool HasWidget => true;

    /// <inheritdoc/>
    public override object? Default => Value;

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, object?>> Facts(GraphFolders folders)
    {
        if (Value is { } value) yield return new("default", value);
    }
}
