namespace Lowrank.Adapters;

/// <summary>How a method takes dropouts.</summary>
/// <param name="Style">Whose dropouts are meant where nobody says.</param>
public sealed record MethodDropouts(DropoutStyle Style)
{
    /// <summary>Of a method that changes a layer otherwise than by adding to its weight: module dropout is the only one.</summary>
    public static MethodDropouts OfModules { get; } = new(DropoutStyle.Lycoris) { ActOnChange = false };

    /// <summary>Whether a share of its change can be dropped: it adds, or sees to dropouts itself.</summary>
    public bool ActOnChange { get; init; } = true;

    /// <summary>The styles that the method sees to itself; the rest is done around it.</summary>
    public IReadOnlyList<DropoutStyle> Own { get; init; } = [];

    /// <summary>The styles whose rank dropout does not act on it.</summary>
    public IReadOnlyList<DropoutStyle> WithoutRanks { get; init; } = [];

    /// <summary>The style that options choose; where they choose none the method's, or LyCORIS's where DoRA builds the weight.</summary>
    internal DropoutStyle StyleOf(MethodOptions options) =>
        options.DropoutStyle ?? (options.Dora is null ? Style : DropoutStyle.Lycoris);
}
