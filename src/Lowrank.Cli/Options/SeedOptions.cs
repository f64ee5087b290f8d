using System.CommandLine.Parsing;

namespace Lowrank.Cli;

/// <summary>The options that say with which seeds, and so how often, each prompt is drawn.</summary>
sealed class SeedOptions
{
    readonly Option<long[]> seeds = new("--seed", "-s")
    {
        HelpName = "N[,N...]",
        Description = "seeds, or from one to another (7-9); each prompt is drawn with each (default: one drawn by chance)",
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

    // More would be a slip of the hand.
    const int MostInRange = 10_000;

    static long[] Parse(ArgumentResult result)
    {
        var seeds = new List<long>();
        foreach (var text in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            var (read, fault) = Read(text.Trim());
            if (fault is not null) result.AddError(fault);
            seeds.AddRange(read);
        }
        return [.. seeds];
    }

    // A seed, or all from one to another: 7-9.
    static (IEnumerable<long> Seeds, string? Fault) Read(string text)
    {
        if (Seeds.Read(text) is { } seed) return ([seed], null);
        bool isRange = text.Split('-') is [var from, var to] && Seeds.Read(from) is not null && Seeds.Read(to) is not null;
        if (!isRange)
            return ([], $"'{text}' is not a seed. Write whole numbers from 0 to 2^64 - 1, or from one to another, as in --seed 1,2,7-9.");
        ulong[] ends = [.. text.Split('-').Select(end => unchecked((ulong)Seeds.Read(end)!.Value))];
        if (ends[1] < ends[0])
            return ([], $"The seeds '{text}' count down. Write the smaller one first, as in --seed {ends[1]}-{ends[0]}.");
        ulong later = ends[1] - ends[0];
        return later >= MostInRange
            ? ([], $"'{text}' are more than {MostInRange} seeds, which nobody means to draw at once.")
            : (Enumerable.Range(0, (int)later + 1).Select(i => unchecked((long)(ends[0] + (ulong)i))), null);
    }
}
