namespace Lowrank.Training;

/// <summary>Which pairs can teach something: those that cannot are left out and counted.</summary>
static class PairChoice
{
    /// <summary>Pairs of two different answers of which a token counts.</summary>
    /// <param name="prepared">The pairs.</param>
    /// <param name="options">The limit that rows are cut to.</param>
    /// <exception cref="LowrankException">None is left.</exception>
    public static PreparedPairs Of(PreparedPairs prepared, RowOptions options)
    {
        var (kept, dropped, account) = (new List<PairRow>(), new List<SkippedRow>(), prepared.Account);
        foreach (var pair in prepared.Pairs)
        {
            if (Reason(pair, options) is not { } reason)
            {
                kept.Add(pair);
                continue;
            }
            dropped.Add(new(pair.Chosen.Place, reason));
            foreach (var row in new[] { pair.Chosen, pair.Rejected })
                account = account with
                {
                    Rows = account.Rows - 1, Tokens = account.Tokens - row.Ids.Count, Counted = account.Counted - row.Counted,
                    Idle = account.Idle - (row.Counted == 0 ? 1 : 0),
                };
        }
        if (kept.Count == 0)
            throw new LowrankException($"no pair is left to learn of {Listing.Count(account.Examples, "example")}. The first: " +
                $"{dropped[0].Place}, because {dropped[0].Reason}.");
        return new(kept, account with { Dropped = [.. account.Dropped, .. dropped] });
    }

    static string? Reason(PairRow pair, RowOptions options)
    {
        var (chosen, rejected) = (Cut(pair.Chosen, options), Cut(pair.Rejected, options));
        if (chosen.Ids.SequenceEqual(rejected.Ids) && chosen.Labels.SequenceEqual(rejected.Labels))
            return "its two answers are one and the same";
        return chosen.Counted + rejected.Counted == 0 ? "no token of its answers counts" : null;
    }

    static LearnedRow Cut(LearnedRow row, RowOptions options) => row.Cut(options.MaxLength, options.KeepsEnd);
}
