namespace Lowrank.Adapters;

/// <summary>How a method takes dropouts.</summary>
/// <param name="Style">Whose dropouts are meant where nobody says.</param>
public sealed record MethodDropouts(DropoutStyle Style)
{
    /// <summary>The styles that the method sees to itself; the rest is done around it.</summary>
    public IReadOnlyList<DropoutStyle> Own { get; init; } = [];

    /// <summary>The styles whose rank dropout does not act on it.</summary>
    public IReadOnlyList<DropoutStyle> WithoutRanks { get; init; } = [];

    /// <summary>The style that options choose; where they choose none the method's, or LyCORIS's where DoRA builds the weight.</summary>
    internal DropoutStyle StyleOf(MethodOptions options) =>
        options.DropoutStyle ?? (options.Dora is null ? Style : DropoutStyle.Lycoris);
}
