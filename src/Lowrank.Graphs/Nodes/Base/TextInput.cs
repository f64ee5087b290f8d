namespace Lowrank.Graphs;

/// <summary>A text.</summary>
/// <param name="Name">Its name in documents.</param>
/// <param name="Value">The default; null if ComfyUI gives none.</param>
public sealed record TextInput(string Name, string? Value = null) : NodeInput(Name, GraphTypes.Text)
{
    /// <summary>Whether it has several lines.</summary>
    public bool IsLong { get; init; }

    /// <summary>Whether the interface draws one of <c>{a|b}</c> in it before it sends it.</summary>
    public bool IsPrompt { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> RemarksOn(object? written)
    {
        if (written is not string text) yield break;
        if ((IsPrompt ? FrontendSigns.InPrompt(text) : FrontendSigns.InText(text)) is { } words) yield return $"of {Name} {words}.";
        if (!IsPrompt) yield break;
        foreach (string remark in PromptBrackets.RemarksInComfy(text).Concat(PromptNumbers.InComfy(text)))
            yield return $"of {Name} {remark}.";
        // What the interface would have drawn from is told above.
        string signs = string.Join(", ", PromptSigns.InComfy(FrontendSigns.WithoutChoices(text)).Distinct());
        if (signs.Length > 0) yield return $"of {Name} {PromptSigns.AsWords}{signs}.";
    }

    /// <inheritdoc/>
    public override bool HasWidget => true;

    /// <inheritdoc/>
    public override object? Default => Value;

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, object?>> Facts(GraphFolders folders)
    {
        if (Value is { } value) yield return new("default", value);
        if (IsLong) yield return new("multiline", true);
        if (IsPrompt) yield return new("dynamicPrompts", true);
    }
}
