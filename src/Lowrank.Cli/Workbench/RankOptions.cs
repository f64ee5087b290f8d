using Lowrank.Adapters;

namespace Lowrank.Cli;

/// <summary>The options by which extracting and resizing are told ranks: a number, or a rule over singular values that a number limits.</summary>
sealed class RankOptions
{
    readonly Option<int?> rank = new("--rank", "-r") { HelpName = "N", Description = "rank of every layer; under a rule the most that one gets" };
    readonly Option<int?> convRank = new("--conv-rank") { HelpName = "N", Description = "the same of convolutions (default: as the others)" };
    readonly Option<double?> convParameter = new("--conv-parameter") { HelpName = "X", Description = "the rule's number for convolutions (default: as the others)" };

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

    /// <summary>Whether convolutions were told a rank or number of their own.</summary>
    public bool TellsConvolutions(ParseResult result) => result.GetValue(convRank) is not null || result.GetValue(convParameter) is not null;

    /// <summary>What was typed, and in words.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="pointwiseIsConvolution">Whether convolutions of kernel 1 go by the rank of convolutions, as in kohya's resizing.</param>
    /// <exception cref="UsageException">No rank and no rule, or several rules.</exception>
    public (RankChoice Choice, string Words) Of(ParseResult result, bool pointwiseIsConvolution)
    {
        var given = rules.Where(r => result.GetValue(r.Option) is not null).ToList();
        if (given.Count > 1) throw new UsageException($"{string.Join(" and ", given.Select(r => r.Option.Name))} are two rules. Give one, and --rank for the most that a layer gets.");
        int? most = result.GetValue(rank), convMost = result.GetValue(convRank) ?? most;
        foreach (var (value, option) in new[] { (most, rank.Name), (convMost, convRank.Name) })
            if (value < 1) throw new UsageException($"{option} is {value}; it must be 1 or more.");
        if (given is [var (option2, name)])
        {
            double parameter = result.GetValue(option2)!.Value;
            var linear = RankRule.Named(name, parameter) with { Most = most ?? int.MaxValue };
            var convolution = RankRule.Named(name, result.GetValue(convParameter) ?? parameter) with { Most = convMost ?? int.MaxValue };
            return (new RankChoice(linear, convolution) { PointwiseIsConvolution = pointwiseIsConvolution }, $"{linear}{(most is null ? "" : $", at most {most}")}{(linear == convolution ? "" : $"; convolutions {convolution}{(convMost is null ? "" : $", at most {convMost}")}")}");
        }
        if (result.GetValue(convParameter) is not null) throw new UsageException("--conv-parameter is a rule's number: give a rule, such as --sv-fro 0.9.");
        if (most is not { } all) throw new UsageException("Which rank? Give --rank N, or a rule such as --sv-fro 0.9.");
        return (RankChoice.Fixed(all, convMost) with { PointwiseIsConvolution = pointwiseIsConvolution }, convMost == all ? $"rank {all}" : $"rank {all}, convolutions {convMost}");
    }

    static Option<double?> Rule(string name, string description) => new(name) { HelpName = "X", Description = description };
}
