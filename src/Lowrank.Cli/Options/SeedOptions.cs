using System.CommandLine.Parsing;

namespace Lowrank.Cli;

/// <summary>The options that say with which seeds, and so how often, each prompt is drawn.</summary>
sealed class SeedOptions
{
    readonly Option<long[]> seeds = new("--seed", "-s")
    {
        HelpName = "N[,N...]",
        Description = "seeds; each prompt is drawn with each (default: one drawn by chance)",
        CustomParser = Parse,
    };

    readonly Option<int> count = new("--count", "-c")
    {
        HelpName = "N",
        Description = "pictures of each prompt, with seeds counting up from the one given",
        DefaultValueFactory = _ => 1,
    };

    /// <summary>The options.</summary>
    public Option[] All => [seeds, count];

    /// <summary>Whether seeds or their number were typed.</summary>
    public bool IsGiven(ParseResult result) => All.Any(option => result.GetResult(option) is { Implicit: false });

    /// <summary>Whether they are counted up from one.</summary>
    public bool Counts(ParseResult result) => result.GetValue(seeds) is not { Length: > 1 } && result.GetValue(count) > 1;

    /// <summary>The seeds that were typed, or are counted up from one.</summary>
    /// <exception cref="UsageException">Seeds and a count that do not go together.</exception>
    public IReadOnlyList<long> Of(ParseResult result)
    {
        var given = result.GetValue(seeds) ?? [];
        int wanted = result.GetValue(count);
        if (wanted < 1) throw new UsageException($"--count is {wanted}; it must be 1 or more.");
        bool differ = given.Length > 1 && wanted > 1 && wanted != given.Length;
        if (differ) throw new UsageException($"--count is {wanted} and there are {given.Length} seeds. Give one of the two.");
        if (given.Length > 1) return given;
        long first = given is [var one] ? one : Random.Shared.NextInt64(1L << 31);
        return [.. Enumerable.Range(0, wanted).Select(i => unchecked(first + i))];
    }

    static long[] Parse(ArgumentResult result)
    {
        var seeds = new List<long>();
        foreach (var text in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (Seeds.Read(text) is { } seed) seeds.Add(seed);
            else result.AddError($"'{text}' is not a seed. Write whole numbers from 0 to 2^64 - 1, as in --seed 1,2,3.");
        }
        return [.. seeds];
    }
}
