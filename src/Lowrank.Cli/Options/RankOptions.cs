namespace Lowrank.Cli;

/// <summary>The options that tell ranks: a number, or a rule over singular values that a number limits.</summary>
sealed class RankOptions
{
    readonly Option<int?> rank = new("--rank", "-r")
    {
        HelpName = "N",
        Description = "rank of every layer; under a rule the most that one gets",
    };

    readonly Option<int?> convRank = new("--conv-rank")
    {
        HelpName = "N",
        Description = "the same of convolutions (default: as the others)",
    };

    readonly Option<double?> convParameter = new("--conv-parameter")
    {
        HelpName = "X",
        Description = "the rule's number for convolutions (default: as the others)",
    };

    readonly (Option<double?> Option, string Rule)[] rules =
    [
        (Rule("--threshold", "keep singular values above X"), "threshold"),
        (Rule("--ratio", "keep those above the share X of the largest"), "ratio"),
        (Rule("--quantile", "keep those whose running sum is below the share X of the sum (LyCORIS)"), "quantile"),
        (Rule("--energy", "keep the fewest whose squares make the share X of all squares"), "energy"),
        (Rule("--sv-ratio", "kohya: one more than those above the largest divided by X"), "sv_ratio"),
        (Rule("--sv-fro", "kohya: one more than make the share X of the Frobenius norm"), "sv_fro"),
        (Rule("--sv-cumulative", "kohya: one more than make the share X of the sum"), "sv_cumulative"),
    ];

    /// <summary>The options.</summary>
    public Option[] All => [rank, convRank, .. rules.Select(r => r.Option), convParameter];

    /// <summary>What was typed.</summary>
    /// <exception cref="UsageException">Several rules.</exception>
    public RankSettings Of(ParseResult result)
    {
        var given = rules.Where(r => result.GetValue(r.Option) is not null).ToList();
        if (given.Count > 1)
            throw new UsageException($"{string.Join(" and ", given.Select(r => r.Option.Name))} are two rules. " +
                "Give one, and --rank for the most that a layer gets.");
        var settings = new RankSettings
        {
            Rank = result.GetValue(rank),
            ConvRank = result.GetValue(convRank),
            ConvParameter = result.GetValue(convParameter),
        };
        return given is [var (option, rule)] ? settings with { Rule = rule, Parameter = result.GetValue(option)!.Value } : settings;
    }

    static Option<double?> Rule(string name, string description) => new(name) { HelpName = "X", Description = description };
}
