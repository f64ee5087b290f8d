namespace Lowrank.Training;

/// <summary>An answer that the model wrote to a prompt, and what it got for it.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Text">The answer.</param>
/// <param name="Advantage">By how much it is better than the others.</param>
/// <param name="Rewards">The number of each reward, in their order; null where it had nothing to say.</param>
sealed record WrittenAnswer(PromptRow Prompt, GeneratedText Text, double Advantage, IReadOnlyList<double?> Rewards)
{
    /// <summary>Prompt and answer; the answer counts.</summary>
    public LearnedRow Row { get; } = LearnedRow.From([.. Prompt.Ids, .. Text.Ids], Prompt.Ids.Count, Prompt.Place);
}
