namespace Lowrank.Training;

/// <summary>A prompt with an answer that is good or bad by itself, as ids.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Answer">The answer.</param>
/// <param name="IsGood">Whether it is a good one.</param>
/// <param name="Place">Where it came from, as errors say it.</param>
sealed record UnpairedRow(IReadOnlyList<int> Prompt, IReadOnlyList<int> Answer, bool IsGood, string Place)
{
    /// <summary>Another row's answer, for the estimate of the divergence; null where none is needed.</summary>
    public IReadOnlyList<int>? Mismatched { get; init; }

    /// <summary>The rows of a batch, each with the answer of the one before it, the first with the last one's; a row alone has its
    /// own.</summary>
    public static IReadOnlyList<UnpairedRow> Matched(IReadOnlyList<UnpairedRow> batch) =>
        [.. batch.Select((row, at) => row with { Mismatched = batch[(at + batch.Count - 1) % batch.Count].Answer })];
}
