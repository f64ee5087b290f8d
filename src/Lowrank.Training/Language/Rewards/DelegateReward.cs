namespace Lowrank.Training;

/// <summary>A reward that is a function of one answer.</summary>
/// <param name="name">What it is called.</param>
/// <param name="score">The number of an answer; null where it has nothing to say.</param>
/// <example><code>
/// var brief = new DelegateReward("brief", answer => answer.Answer.Length &lt; 80 ? 1 : 0);
/// </code></example>
public sealed class DelegateReward(string name, Func<RewardedAnswer, double?> score) : IReward
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<double?> Of(IReadOnlyList<RewardedAnswer> answers) => [.. answers.Select(score)];
}
