namespace Lowrank.Training;

/// <summary>Counts what becomes of rows while they are made.</summary>
sealed class RowCounter
{
    readonly List<SkippedRow> dropped = [];
    RowAccount account = new();

    /// <summary>Counts a row that was cut.</summary>
    public void Cuts(int tokens) => account = account with { RowsCut = account.RowsCut + 1, TokensCut = account.TokensCut + tokens };

    /// <summary>Counts a row that is left out.</summary>
    public void Drops(string place, string reason) => dropped.Add(new(place, reason));

    /// <summary>Counts a row that is taken.</summary>
    public void Takes(LearnedRow row) => Takes(row.Ids.Count, row.Counted);

    /// <summary>Counts a row that is taken, by its tokens and by those that count.</summary>
    public void Takes(int tokens, int counted) => account = account with
    {
        Rows = account.Rows + 1,
        Tokens = account.Tokens + tokens,
        Counted = account.Counted + counted,
        Longest = Math.Max(account.Longest, tokens),
        Idle = account.Idle + (counted == 0 ? 1 : 0),
    };

    /// <summary>Counts what packing made.</summary>
    public void Packs(IReadOnlyList<LearnedRow> packed, int length)
    {
        long tokens = packed.Sum(row => (long)row.Ids.Count);
        account = account with
        {
            Packed = packed.Count,
            Fill = packed.Count == 0 ? null : (double)tokens / ((long)packed.Count * length),
        };
    }

    /// <summary>Throws where no row is left.</summary>
    /// <exception cref="LowrankException">None is, or none counts anything.</exception>
    public void Require(int examples, int? maxLength)
    {
        if (account.Rows > account.Idle) return;
        string length = maxLength is { } most ? $" The most tokens of a row is {most}." : "";
        string first = dropped.Count > 0 ? $" The first: {dropped[0].Place}, because {dropped[0].Reason}." : "";
        throw new LowrankException($"nothing is left to learn: of {Listing.Count(examples, "example")} no token counts.{length}{first}");
    }

    /// <summary>What is left of rows that were made and counted before: their own numbers anew, and what was cut and dropped by
    /// both.</summary>
    public RowAccount Over(RowAccount before) => before with
    {
        Rows = account.Rows,
        Tokens = account.Tokens,
        Counted = account.Counted,
        Longest = account.Longest,
        Idle = account.Idle,
        RowsCut = before.RowsCut + account.RowsCut,
        TokensCut = before.TokensCut + account.TokensCut,
        Dropped = [.. before.Dropped, .. dropped],
    };

    /// <summary>All of it.</summary>
    public RowAccount Done(RowEncoder encoder, int examples) => account with
    {
        Examples = examples,
        Dropped = dropped,
        OwnBegins = encoder.OwnBegins,
        OwnEnds = encoder.OwnEnds,
        SpelledControls = [.. encoder.SpelledControls],
    };
}
