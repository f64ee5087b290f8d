namespace Lowrank.Language;

/// <summary>A measure's value.</summary>
/// <param name="Name">The measure.</param>
/// <param name="Value">Its value.</param>
/// <param name="Count">Over how many it was taken.</param>
/// <param name="Of">Of what these are: "tokens", "rows".</param>
public sealed record Measured(string Name, double Value, long Count, string Of)
{
    /// <summary>Of which rows alone; null for all.</summary>
    public string? Group { get; init; }

    /// <summary>Whether a small value is the good one.</summary>
    public bool LowerIsBetter { get; init; }
}
