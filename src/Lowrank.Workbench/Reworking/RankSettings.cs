namespace Lowrank.Workbench;

/// <summary>Which ranks layers get: a number, or a rule over singular values that a number limits.</summary>
public sealed record RankSettings
{
    /// <summary>Rank of every layer; under a rule the most that one gets.</summary>
    public int? Rank { get; init; }

    /// <summary>The same of convolutions; null is as the others.</summary>
    public int? ConvRank { get; init; }

    /// <summary>Name of a rule, as <see cref="RankRule.Named"/> knows it; null gives every layer the same rank.</summary>
    public string? Rule { get; init; }

    /// <summary>The rule's number.</summary>
    public double Parameter { get; init; }

    /// <summary>The rule's number for convolutions; null is as for the others.</summary>
    public double? ConvParameter { get; init; }

    /// <summary>Whether convolutions were told a rank or number of their own.</summary>
    public bool TellsConvolutions => ConvRank is not null || ConvParameter is not null;

    int? MostOfConvolutions => ConvRank ?? Rank;

    /// <summary>What cannot be or does not go together.</summary>
    public IEnumerable<string> Faults()
    {
        if (Rank < 1) yield return $"`rank` is {Rank}; it must be 1 or more.";
        if (ConvRank < 1) yield return $"`conv rank` is {ConvRank}; it must be 1 or more.";
        if (Rule is not null)
        {
            foreach (string fault in FaultsOfRule(Rule)) yield return fault;
            yield break;
        }
        if (ConvParameter is not null) yield return "`conv parameter` is a rule's number: give a rule, such as `sv fro` 0.9.";
        else if (Rank is null) yield return "Which rank? Give `rank` N, or a rule such as `sv fro` 0.9.";
    }

    IEnumerable<string> FaultsOfRule(string rule)
    {
        if (Refused(rule, Parameter) is { } refused) yield return $"`{rule.Replace('_', ' ')}`: {refused}.";
        if (ConvParameter is { } own && Refused(rule, own) is { } other) yield return $"`conv parameter`: {other}.";
    }

    static string? Refused(string rule, double parameter)
    {
        try
        {
            RankRule.Named(rule, parameter);
            return null;
        }
        catch (LowrankException error)
        {
            return error.Message;
        }
    }

    /// <summary>The fields that were given, as messages name them.</summary>
    internal IEnumerable<string> Given()
    {
        if (Rank is not null) yield return "`rank`";
        if (ConvRank is not null) yield return "`conv rank`";
        if (Rule is not null) yield return $"`{Rule.Replace('_', ' ')}`";
        if (ConvParameter is not null) yield return "`conv parameter`";
    }

    /// <summary>The choice that they make.</summary>
    /// <param name="pointwiseIsConvolution">Whether convolutions of kernel 1 count as convolutions, as in kohya's resizing.</param>
    /// <exception cref="LowrankException">The rule does not take such a number.</exception>
    public RankChoice Choice(bool pointwiseIsConvolution = false)
    {
        var choice = Rule is null ? RankChoice.Fixed(Rank!.Value, MostOfConvolutions) : new RankChoice(RuleOfLinear, RuleOfConvolutions);
        return choice with { PointwiseIsConvolution = pointwiseIsConvolution };
    }

    RankRule RuleOfLinear => RankRule.Named(Rule!, Parameter) with { Most = Rank ?? int.MaxValue };

    RankRule RuleOfConvolutions => RankRule.Named(Rule!, ConvParameter ?? Parameter) with { Most = MostOfConvolutions ?? int.MaxValue };

    /// <summary>In words: "rank 8, convolutions 4".</summary>
    public string Describe()
    {
        if (Rule is null) return MostOfConvolutions == Rank ? $"rank {Rank}" : $"rank {Rank}, convolutions {MostOfConvolutions}";
        var (linear, convolution) = (RuleOfLinear, RuleOfConvolutions);
        string text = Limited(linear, Rank);
        string ofConvolutions = Limited(convolution, MostOfConvolutions);
        return text == ofConvolutions ? text : $"{text}; convolutions {ofConvolutions}";
    }

    static string Limited(RankRule rule, int? most) => most is null ? $"{rule}" : $"{rule}, at most {most}";
}
