namespace Lowrank.Torch;

/// <summary>How many singular values of a matrix are kept, 1 or more.</summary>
public sealed record RankRule
{
    readonly Func<Spectrum, int?> count;
    readonly bool needsAll;

    RankRule(string name, double parameter, Func<Spectrum, int?> count, bool needsAll = false) =>
        (Name, Parameter, this.count, this.needsAll) = (name, parameter, count, needsAll);

    // Below this a matrix is taken for zero, and one rank is enough. Source: sd-scripts, resize_lora.py.
    const double Nothing = 1e-6;

    /// <summary>Its name, as users write it.</summary>
    public string Name { get; }

    /// <summary>Its number.</summary>
    public double Parameter { get; }

    /// <summary>Never more than this many.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>The rank that is known without any singular value; null where they decide.</summary>
    internal int? InAdvance => Name == Always ? (int)Math.Min(Parameter, Most) : null;

    const string Always = "fixed";

    /// <summary>As many as <paramref name="rank"/>, 1 or more.</summary>
    public static RankRule Fixed(int rank) => new(Always, Above(0, rank, "a rank"), s => Math.Min(rank, s.Length));

    /// <summary>Those above a value.</summary>
    public static RankRule Threshold(double value) => new("threshold", AtLeast(0, value, "a threshold"), s => Leading(s, v => v > value));

    /// <summary>Those above a share, 0 to 1, of the largest.</summary>
    public static RankRule Ratio(double share) => new("ratio", Share(share, "a ratio"), s => Leading(s, v => v > s.Values[0] * share));

    /// <summary>Those whose running sum is below a share, 0 to 1, of the sum of all (LyCORIS's quantile).</summary>
    public static RankRule Quantile(double share) =>
        new("quantile", Share(share, "a quantile"), s => Below(s, v => v, share), needsAll: true);

    /// <summary>The fewest whose squares make a share, 0 to 1, of the sum of all squares.</summary>
    public static RankRule Energy(double share) => new("energy", Share(share, "a share of energy"), s =>
    {
        if (share >= 1) return s.Length;
        if (share <= 0) return 0;
        int index = Running(s, v => v * v, sum => sum >= share * s.Energy);
        if (index < s.Values.Count) return index + 1;
        return s.IsComplete ? s.Length : null;
    });

    /// <summary>One more than those above the largest divided by <paramref name="ratio"/> (kohya's sv_ratio).</summary>
    public static RankRule KohyaRatio(double ratio) => new("sv_ratio", Above(0, ratio, "a ratio"), s =>
        Leading(s, v => v > s.Values[0] / ratio) is { } found ? OneMore(found, s) : null);

    /// <summary>One more than the fewest whose root of squares makes a share, 0 to 1, of the Frobenius norm (kohya's sv_fro).</summary>
    public static RankRule KohyaFrobenius(double share) => new("sv_fro", Share(share, "a share of the Frobenius norm"), s =>
    {
        int index = Running(s, v => v * v, sum => sum >= share * share * s.Energy);
        bool known = index < s.Values.Count || s.IsComplete;
        return known ? OneMore(index + 1, s) : null;
    });

    /// <summary>One more than the fewest whose sum makes a share, 0 to 1, of the sum of all (kohya's sv_cumulative).</summary>
    public static RankRule KohyaCumulative(double share) => new("sv_cumulative", Share(share, "a share of the sum"), s =>
    {
        if (!s.IsComplete) return null;
        double all = s.Values.Sum();
        return OneMore(Running(s, v => v, sum => sum >= share * all) + 1, s);
    }, needsAll: true);

    static readonly NamedList<(string Name, Func<double, RankRule> Of)> list = new("rule of ranks", rule => [rule.Name],
        (Always, rank => Fixed((int)rank)), ("threshold", Threshold), ("ratio", Ratio), ("quantile", Quantile), ("energy", Energy),
        ("sv_ratio", KohyaRatio), ("sv_fro", KohyaFrobenius), ("sv_cumulative", KohyaCumulative));

    /// <summary>The rule of that name with its number.</summary>
    /// <exception cref="LowrankException">There is none, or the number is out of its range.</exception>
    public static RankRule Named(string name, double parameter) => list.Named(name).Of(parameter);

    /// <summary>How many values are kept; null where more values than the spectrum knows must be looked at.</summary>
    public int? Choose(Spectrum spectrum)
    {
        if (spectrum.Values.Count == 0) return null;
        if (spectrum.Values[0] <= Nothing) return 1;
        int most = Math.Min(Most, spectrum.Length);
        if (count(spectrum) is { } found) return Math.Clamp(found, 1, most);
        return !needsAll && spectrum.Values.Count >= most ? most : null;
    }

    /// <summary>Whether it keeps none of a matrix's values, so that one is kept that it would not; not of a matrix of zeros.</summary>
    public bool KeepsNone(Spectrum spectrum) =>
        spectrum.Values.Count > 0 && spectrum.Values[0] > Nothing && count(spectrum) < 1;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Name} {Parameter:g6}");

    // kohya holds the index within [1, count - 1] and then adds one.
    static int OneMore(int index, Spectrum s) => Math.Max(1, Math.Min(index, s.Length - 1)) + 1;

    // How many leading values fulfil a condition; null when all that are known do.
    static int? Leading(Spectrum s, Func<double, bool> holds) =>
        s.Values.TakeWhile(holds).Count() is var found && (found < s.Values.Count || s.IsComplete) ? found : null;

    static int? Below(Spectrum s, Func<double, double> part, double share)
    {
        if (!s.IsComplete) return null;
        double limit = share * s.Values.Sum(part);
        return Running(s, part, sum => sum >= limit);
    }

    // The first index at which the running sum fulfils a condition; the count when it never does.
    static int Running(Spectrum s, Func<double, double> part, Func<double, bool> reached)
    {
        double sum = 0;
        for (int i = 0; i < s.Values.Count; i++)
            if (reached(sum += part(s.Values[i]))) return i;
        return s.Values.Count;
    }

    static double Above(double least, double value, string what) =>
        value > least && double.IsFinite(value) ? value : throw Outside(what, $"more than {PlainValue.Text(least)}", value);

    static double AtLeast(double least, double value, string what) =>
        value >= least && double.IsFinite(value) ? value : throw Outside(what, $"{PlainValue.Text(least)} or more", value);

    static double Share(double value, string what) => value is >= 0 and <= 1 ? value : throw Outside(what, "between 0 and 1", value);

    static LowrankException Outside(string what, string range, double value) =>
        new($"{what} is {range}, and {PlainValue.Text(value)} was given");
}
