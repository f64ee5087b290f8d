namespace Lowrank.Training;

/// <summary>1 for an answer that is the right one, but for blanks around it, and 0 for any other.</summary>
/// <param name="column">The column of the right answer. Default "answer".</param>
public sealed class ExactMatchReward(string column = "answer") : IReward
{
    /// <inheritdoc/>
    public string Name => "exact_match";

    /// <inheritdoc/>
    public IReadOnlyList<double?> Of(IReadOnlyList<RewardedAnswer> answers) => [.. answers.Select(answer =>
    {
        if (!answer.Columns.TryGetValue(column, out string? right))
            throw new LowrankException($"exact_match looks for the right answer in the column \"{column}\", and a row has " +
                $"{string.Join(", ", answer.Columns.Keys.DefaultIfEmpty("no other"))}. exact_match:NAME names another column.");
        return (double?)(answer.Answer.Trim() == right.Trim() ? 1 : 0);
    })];
}
