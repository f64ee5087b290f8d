namespace Lowrank.Training;

/// <summary>A prompt with a better and a worse answer, as ids.</summary>
/// <param name="Chosen">Prompt and better answer; the answer counts.</param>
/// <param name="Rejected">Prompt and worse answer; the answer counts.</param>
/// <param name="Margin">By how much the chosen one is the better; null where the data do not tell.</param>
sealed record PairRow(LearnedRow Chosen, LearnedRow Rejected, double? Margin = null)
{
    /// <summary>Ids before the chosen answer.</summary>
    public int ChosenPrompt { get; init; }

    /// <summary>Ids before the rejected answer.</summary>
    public int RejectedPrompt { get; init; }
}
