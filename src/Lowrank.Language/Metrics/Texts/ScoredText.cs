namespace Lowrank.Language;

/// <summary>A text that a model wrote, and those that people wrote for the same input.</summary>
/// <param name="Hypothesis">The model's.</param>
/// <param name="References">The people's, at least one.</param>
public sealed record ScoredText(string Hypothesis, IReadOnlyList<string> References);
