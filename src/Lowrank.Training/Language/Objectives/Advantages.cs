namespace Lowrank.Training;

/// <summary>How much better than the other answers to its prompt each answer is.</summary>
public static class Advantages
{
    // TRL's: a group whose rewards are equal divides by it.
    const double AddedToDeviation = 1e-4;

    /// <summary>Advantages of answers that lie group by group.</summary>
    /// <param name="rewards">Of each function, the reward of every answer; null where it did not score one.</param>
    /// <param name="groupSize">How many answers were written to each prompt, 2 or more.</param>
    /// <param name="options">How rewards become advantages; null: the defaults.</param>
    /// <param name="names">What the functions are called; none: r0, r1, ...</param>
    /// <exception cref="LowrankException">Numbers that do not fit each other, or a reward that is no number.</exception>
    public static AdvantageResult Of(
        IReadOnlyList<IReadOnlyList<double?>> rewards, int groupSize, AdvantageOptions? options = null, IReadOnlyList<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        options ??= new();
        Check(rewards, groupSize, options);
        double?[] sums = Summed(rewards, options.Weights);
        double?[] advantages = options.LeavesOneOut ? OverOthers(sums, groupSize, options) : OverGroups(rewards, sums, groupSize, options);
        var groups = Groups(sums, groupSize).ToList();
        bool byBatch = options.Scaling == "batch" && !options.LeavesOneOut;
        double equal = byBatch ? (IsZero(Deviation(sums)) ? 1 : 0) : groups.Average(group => IsZero(Deviation(group)) ? 1.0 : 0);
        var metrics = new Dictionary<string, double>
        {
            ["reward"] = Mean(sums), ["reward_std"] = Deviation(sums), ["frac_reward_zero_std"] = equal,
        };
        foreach (var (at, one) in rewards.Index())
        {
            string name = names is null ? $"r{at}" : names[at];
            (metrics[$"rewards/{name}/mean"], metrics[$"rewards/{name}/std"]) = (Mean(one), Deviation(one));
        }
        int equalGroups = groups.Count(group => IsZero(Deviation(group)));
        return new([.. advantages.Select(value => value ?? 0)], metrics, equalGroups, sums.Count(sum => sum is null));
    }

    static double?[] OverOthers(double?[] sums, int groupSize, AdvantageOptions options)
    {
        double?[] advantages = LeftOneOut(Clipped(sums, options.Clip), groupSize);
        return options.NormalisesAll ? OverBatch(advantages) : advantages;
    }

    static double?[] OverGroups(
        IReadOnlyList<IReadOnlyList<double?>> rewards, double?[] sums, int groupSize, AdvantageOptions options)
    {
        if (!options.NormalisesEach) return ByGroup(sums, groupSize, options.Scaling);
        return OverBatch(Summed([.. rewards.Select(one => ByGroup(one, groupSize, "group"))], options.Weights));
    }

    static void Check(IReadOnlyList<IReadOnlyList<double?>> rewards, int groupSize, AdvantageOptions options)
    {
        if (rewards.Count == 0) throw new LowrankException("no reward was given: name one at least");
        int answers = rewards[0].Count;
        if (groupSize < 2 || answers == 0 || answers % groupSize != 0)
            throw new LowrankException($"{answers} answers are no groups of {groupSize}: " +
                "a prompt needs 2 answers at least, each prompt as many");
        if (rewards.FirstOrDefault(one => one.Count != answers) is { } odd)
            throw new LowrankException($"one reward scores {odd.Count} answers, another {answers}");
        if (options.Weights.Count > 0 && options.Weights.Count != rewards.Count)
            throw new LowrankException($"there are {options.Weights.Count} weights for {rewards.Count} rewards");
        foreach (var (at, one) in rewards.Index())
            if (one.Any(value => value is { } number && !double.IsFinite(number)))
                throw new LowrankException($"reward {at + 1} gave an answer a score that is no number. Null says that it has none.");
        if (options.Scaling is not ("group" or "batch" or "none"))
            throw new LowrankException($"rewards are not scaled by \"{options.Scaling}\"; there are group, batch, none");
    }

    static double?[] Summed(IReadOnlyList<IReadOnlyList<double?>> rewards, IReadOnlyList<double> weights)
    {
        double?[] sums = new double?[rewards[0].Count];
        foreach (var (at, one) in rewards.Index())
            for (int i = 0; i < sums.Length; i++)
                if (one[i] is { } value) sums[i] = (sums[i] ?? 0) + value * (weights.Count > 0 ? weights[at] : 1);
        return sums;
    }

    static double?[] Clipped(double?[] sums, (double Least, double Largest)? clip)
    {
        if (clip is not { } range) return sums;
        return [.. sums.Select(sum => sum is { } value ? Math.Clamp(value, range.Least, range.Largest) : (double?)null)];
    }

    static double?[] ByGroup(IReadOnlyList<double?> rewards, int size, string scaling)
    {
        double ofBatch = Deviation(rewards);
        return [.. Groups(rewards, size).SelectMany(group =>
        {
            double mean = Mean(group), deviation = scaling == "batch" ? ofBatch : Deviation(group);
            double divisor = scaling == "none" ? 1 : (double.IsNaN(deviation) ? 0 : deviation) + AddedToDeviation;
            return group.Select(value => (value - mean) / divisor);
        })];
    }

    static double?[] OverBatch(double?[] values)
    {
        double mean = Mean(values), divisor = Deviation(values) + AddedToDeviation;
        return [.. values.Select(value => (value - mean) / divisor)];
    }

    // An answer less the mean of the others; nothing where there is no other.
    static double?[] LeftOneOut(double?[] rewards, int size) => [.. Groups(rewards, size).SelectMany(group =>
    {
        double sum = group.Sum() ?? 0;
        int others = group.Count(value => value is not null) - 1;
        return group.Select(value => value is { } own && others > 0 ? own - (sum - own) / others : value is null ? (double?)null : 0);
    })];

    static IEnumerable<double?[]> Groups(IReadOnlyList<double?> values, int size) => values.Chunk(size);

    static double Mean(IEnumerable<double?> values) => values.Average() ?? double.NaN;

    // Of a sample: n − 1 divides. NaN where fewer than two are scored.
    static double Deviation(IEnumerable<double?> values)
    {
        double[] scored = [.. values.OfType<double>()];
        if (scored.Length < 2) return double.NaN;
        double mean = scored.Average();
        return Math.Sqrt(scored.Sum(value => (value - mean) * (value - mean)) / (scored.Length - 1));
    }

    // As torch.isclose to 0 has it.
    static bool IsZero(double deviation) => deviation <= 1e-8;
}
