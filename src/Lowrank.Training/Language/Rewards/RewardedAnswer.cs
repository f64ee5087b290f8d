namespace Lowrank.Training;

/// <summary>An answer that the model wrote, and what is known of its prompt.</summary>
/// <param name="Prompt">What was asked.</param>
/// <param name="Answer">What the model wrote, without its end token.</param>
/// <param name="Columns">The row's other columns by name, as texts: the right answer, say.</param>
public sealed record RewardedAnswer(string Prompt, string Answer, IReadOnlyDictionary<string, string> Columns);
