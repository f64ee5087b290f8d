namespace Lowrank.Language;

/// <summary>A measure of texts by its name.</summary>
/// <param name="Name">How it is asked for and printed.</param>
/// <param name="Meaning">What it is, and whose figures it equals.</param>
/// <param name="Of">Its value for texts.</param>
/// <param name="LowerIsBetter">Whether a small value is the good one.</param>
public sealed record TextMeasure(string Name, string Meaning, Func<IReadOnlyList<ScoredText>, double> Of, bool LowerIsBetter = false);
