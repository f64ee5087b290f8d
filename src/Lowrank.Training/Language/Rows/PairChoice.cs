namespace Lowrank.Training;

/// <summary>Which pairs can teach something: they are cut to the limit and counted as they are learnt, and those that cannot are left
/// out.</summary>
static class PairChoice
{
    /// <summary>Pairs of two different answers of which a token counts.</summary>
    /// <param name="prepared">The pairs.</param>
    /// <param name="options">The limit that rows are cut to.</param>
    /// <exception cref="LowrankException">None is left.</exception>
    public static PreparedPairs Of(PreparedPairs prepared, RowOptions options)
    {
        var (kept, counter) = (new List<PairRow>(), new RowCounter());
        foreach (var pair in prepared.Pairs)
        {
            var cut = Cut(pair, options);
            if (Reason(cut) is { } reason)
            {
                counter.Drops(pair.Chosen.Place, reason);
                continue;
            }
            kept.Add(cut);
            Count(pair.Chosen, cut.Chosen, counter);
            Count(pair.Rejected, cut.Rejected, counter);
        }
        var account = counter.Over(prepared.Account);
        if (kept.Count > 0) return new(kept, account);
        throw new LowrankException($"no pair is left to learn of {Listing.Count(account.Examples, "example")}. The first: " +
            $"{account.Dropped[0].Place}, because {account.Dropped[0].Reason}.");
    }

    static string? Reason(PairRow pair)
    {
        var (chosen, rejected) = (pair.Chosen, pair.Rejected);
        if (chosen.Ids.SequenceEqual(rejected.Ids) && chosen.Labels.SequenceEqual(rejected.Labels))
            return "its two answers are one and the same";
        return chosen.Counted + rejected.Counted == 0 ? "no token of its answers counts" : null;
    }

    static PairRow Cut(PairRow pair, RowOptions options)
    {
        var (chosen, rejected) = (Cut(pair.Chosen, options), Cut(pair.Rejected, options));
        int Left(int prompt, LearnedRow whole, LearnedRow cut) =>
            options.KeepsEnd ? Math.Max(0, prompt - (whole.Ids.Count - cut.Ids.Count)) : Math.Min(prompt, cut.Ids.Count);
        return pair with
        {
            Chosen = chosen,
            Rejected = rejected,
            ChosenPrompt = Left(pair.ChosenPrompt, pair.Chosen, chosen),
            RejectedPrompt = Left(pair.RejectedPrompt, pair.Rejected, rejected),
        };
    }

    static LearnedRow Cut(LearnedRow row, RowOptions options) => row.Cut(options.MaxLength, options.KeepsEnd);

    static void Count(LearnedRow whole, LearnedRow cut, RowCounter counter)
    {
        counter.Takes(cut);
        if (cut.Ids.Count < whole.Ids.Count) counter.Cuts(whole.Ids.Count - cut.Ids.Count);
    }
}
