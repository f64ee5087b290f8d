using System.Globalization;

namespace Lowrank.Training;

/// <summary>What became of examples when rows were made of them.</summary>
public sealed record RowAccount
{
    /// <summary>Examples that were given.</summary>
    public int Examples { get; init; }

    /// <summary>Rows before packing.</summary>
    public int Rows { get; init; }

    /// <summary>Rows that were cut, and tokens that went so.</summary>
    public int RowsCut { get; init; }

    /// <summary>Tokens that were cut away.</summary>
    public long TokensCut { get; init; }

    /// <summary>Tokens of all rows.</summary>
    public long Tokens { get; init; }

    /// <summary>Tokens that count in the loss.</summary>
    public long Counted { get; init; }

    /// <summary>Tokens of the longest row.</summary>
    public int Longest { get; init; }

    /// <summary>Rows that were left out, with their places and reasons.</summary>
    public IReadOnlyList<SkippedRow> Dropped { get; init; } = [];

    /// <summary>Rows that stay and count nothing.</summary>
    public int Idle { get; init; }

    /// <summary>Rows after packing; null where nothing is packed.</summary>
    public int? Packed { get; init; }

    /// <summary>The share of the packed rows' places that tokens fill, 0 to 1; null where nothing is packed.</summary>
    public double? Fill { get; init; }

    /// <summary>Texts that brought their own begin token, which stands once.</summary>
    public int OwnBegins { get; init; }

    /// <summary>Texts that brought their own end, behind which no end token was put.</summary>
    public int OwnEnds { get; init; }

    /// <summary>Rows whose messages hold the text of control tokens, which stay text.</summary>
    public IReadOnlyList<string> SpelledControls { get; init; } = [];

    /// <summary>Its lines of a run's account.</summary>
    public void AddTo(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        string rows = Listing.Count(Rows, "row"), examples = Listing.Count(Examples, "example");
        account.Takes("rows", $"{rows} of {examples}, {Tokens} tokens, of which {Counted} count; the longest row has {Longest}");
        if (Packed is { } packed)
            account.Takes("packing", $"packed into {Listing.Count(packed, "row")}, {Percent(Fill)} of their places filled");
        if (OwnBegins > 0)
            account.Takes("own_begins", $"{Listing.Count(OwnBegins, "text")} with a begin token of its own, which stands once");
        if (OwnEnds > 0) account.Takes("own_ends", $"{Listing.Count(OwnEnds, "text")} with an end of its own, behind which none is put");
        if (SpelledControls.Count > 0)
            account.Leaves("control_tokens_in_text", $"{Listing.Count(SpelledControls.Count, "row")} with the text of control tokens in " +
                $"messages, which stays text (are they put into a template already?): {Listing.Of(SpelledControls)}");
        if (RowsCut > 0) account.Leaves("rows_cut", $"{Listing.Count(RowsCut, "row")} cut, {TokensCut} tokens");
        if (Idle > 0) account.Leaves("rows_idle", $"{Listing.Count(Idle, "row")} of which nothing counts");
        foreach (var reason in Dropped.GroupBy(row => row.Reason))
        {
            string[] places = [.. reason.Select(row => row.Place)];
            account.Leaves("rows_dropped", $"{Listing.Count(places.Length, "row")} left out, because {reason.Key}: {Listing.Of(places)}");
        }
    }

    static string Percent(double? share) => string.Create(CultureInfo.InvariantCulture, $"{100 * (share ?? 0):0} %");
}
