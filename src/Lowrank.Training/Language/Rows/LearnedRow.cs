namespace Lowrank.Training;

/// <summary>A row of tokens, and which of them count.</summary>
/// <param name="Ids">The tokens' ids.</param>
/// <param name="Labels">As many: a token's own id at its own place, or -100 where it does not count.</param>
public sealed record LearnedRow(IReadOnlyList<int> Ids, IReadOnlyList<int> Labels)
{
    /// <summary>What a label is that does not count.</summary>
    public const int NotCounted = (int)LanguageBatch.NotCounted;

    /// <summary>Lengths of the documents that were packed into the row, in order; null where it is one.</summary>
    public IReadOnlyList<int>? Documents { get; init; }

    /// <summary>Where the row came from, as errors say it; empty for several.</summary>
    public string Place { get; init; } = "";

    /// <summary>Labels that count where each token is predicted from those before it: that of the first place never does.</summary>
    public int Counted => Labels.Skip(1).Count(label => label != NotCounted);

    /// <summary>A row all of whose tokens count.</summary>
    internal static LearnedRow Whole(IReadOnlyList<int> ids, string place = "") => new(ids, ids) { Place = place };

    /// <summary>A row of which the tokens from a place on count.</summary>
    internal static LearnedRow From(IReadOnlyList<int> ids, int first, string place = "") =>
        new(ids, [.. ids.Select((id, at) => at < first ? NotCounted : id)]) { Place = place };

    /// <summary>Rows behind one another in one, each a document.</summary>
    internal static LearnedRow Joined(IReadOnlyList<LearnedRow> rows) =>
        new([.. rows.SelectMany(row => row.Ids)], [.. rows.SelectMany(row => row.Labels)])
        {
            Documents = [.. rows.Select(row => row.Ids.Count)],
        };

    /// <summary>The tokens where a mask is 1 count, as far as they did.</summary>
    internal LearnedRow Masked(IReadOnlyList<int> mask) =>
        this with { Labels = [.. Labels.Select((label, at) => mask[at] == 1 ? label : NotCounted)] };

    /// <summary>A stretch of it.</summary>
    internal LearnedRow Part(int start, int length) =>
        this with { Ids = [.. Ids.Skip(start).Take(length)], Labels = [.. Labels.Skip(start).Take(length)] };

    /// <summary>At most so many tokens, from the start or from the end.</summary>
    internal LearnedRow Cut(int? most, bool keepsEnd)
    {
        if (most is not { } length || Ids.Count <= length) return this;
        return Part(keepsEnd ? Ids.Count - length : 0, length);
    }
}
