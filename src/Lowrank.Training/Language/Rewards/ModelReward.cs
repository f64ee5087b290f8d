namespace Lowrank.Training;

/// <summary>The score that a reward model gives to prompt and answer together.</summary>
/// <param name="model">The model, with one score a text; it stays the caller's.</param>
public sealed class ModelReward(LanguageClassifier model) : IReward
{
    /// <inheritdoc/>
    public string Name => "model";

    /// <inheritdoc/>
    public IReadOnlyList<double?> Of(IReadOnlyList<RewardedAnswer> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        if (model.Labels.Count != 1)
            throw new LowrankException($"a reward model gives a text one score, and this one tells {model.Labels.Count} classes " +
                $"({string.Join(", ", model.Labels.Take(5))}). Was it trained with the objective reward?");
        double?[] scores = new double?[answers.Count];
        var texts = model.Tokens([.. answers.Select(answer => (answer.Prompt + answer.Answer, (string?)null))]);
        foreach (var (row, told) in model.Score(texts)) scores[row] = told[0];
        return scores;
    }
}
