namespace Lowrank.Training;

/// <summary>Several rewards with their weights.</summary>
public sealed class RewardSet
{
    readonly IReadOnlyList<IReward> rewards;

    /// <summary>A set.</summary>
    /// <param name="rewards">One at least.</param>
    /// <param name="weights">A weight of each; none: 1 each.</param>
    /// <exception cref="LowrankException">There is no reward, or their weights are of another number.</exception>
    public RewardSet(IReadOnlyList<IReward> rewards, IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        (this.rewards, Weights) = (rewards, weights ?? []);
        if (rewards.Count == 0)
            throw new LowrankException($"no reward is named. There are {string.Join(", ", Rewards.All.Select(reward => reward.Name))}.");
        if (Weights.Count > 0 && Weights.Count != rewards.Count)
            throw new LowrankException($"there are {Weights.Count} weights for {rewards.Count} rewards");
        Names = Unique([.. rewards.Select(reward => reward.Name)]);
    }

    /// <summary>What they are called; the second of a name has a number.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Their weights; none: 1 each.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>Advantages of answers that lie group by group.</summary>
    /// <param name="answers">The answers.</param>
    /// <param name="groupSize">How many were written to each prompt, 2 or more.</param>
    /// <param name="options">How rewards become advantages; its weights are the set's.</param>
    /// <exception cref="LowrankException">An answer cannot be scored, or answers are no groups of that size.</exception>
    public AdvantageResult Advantages(IReadOnlyList<RewardedAnswer> answers, int groupSize, AdvantageOptions? options = null) =>
        Training.Advantages.Of(Of(answers), groupSize, (options ?? new()) with { Weights = Weights }, Names);

    /// <summary>Of each reward, its number for every answer.</summary>
    /// <exception cref="LowrankException">An answer cannot be scored, or a reward gave another number of scores.</exception>
    public IReadOnlyList<IReadOnlyList<double?>> Of(IReadOnlyList<RewardedAnswer> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var all = rewards.Select(reward => reward.Of(answers)).ToList();
        foreach (var (at, one) in all.Index())
            if (one.Count != answers.Count)
                throw new LowrankException($"the reward {Names[at]} gave {one.Count} numbers for {answers.Count} answers");
        return all;
    }

    static List<string> Unique(IReadOnlyList<string> names)
    {
        var unique = new List<string>();
        foreach (string name in names)
        {
            int before = unique.Count(one => one == name || one.StartsWith($"{name}_", StringComparison.Ordinal));
            unique.Add(before == 0 ? name : $"{name}_{before + 1}");
        }
        return unique;
    }
}
