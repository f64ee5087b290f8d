namespace Lowrank.Adapters;

/// <summary>How a method takes dropouts.</summary>
/// <param name="Style">Whose dropouts are meant where nobody says.</param>
public sealed record MethodDropouts(DropoutStyle Style)
{
    /// <summary>The styles that the method sees to itself; the rest is done around it.</summary>
    public IReadOnlyList<DropoutStyle> Own { get; init; } = [];

    /// <summary>The styles whose rank dropout does not act on it.</summary>
    public IReadOnlyList<DropoutStyle> WithoutRanks { get; init; } = [];
}
