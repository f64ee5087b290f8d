namespace Lowrank.Language;

/// <summary>A set of code points: ranges, or all but those.</summary>
/// <param name="Ranges">First and last of each.</param>
/// <param name="IsNegated">Whether it is all others.</param>
public sealed record CharacterClass(IReadOnlyList<(int First, int Last)> Ranges, bool IsNegated = false)
{
    /// <summary>Every code point.</summary>
    public static CharacterClass Any { get; } = new([], IsNegated: true);

    /// <summary>One code point.</summary>
    public static CharacterClass One(int codePoint) => new([(codePoint, codePoint)]);

    /// <summary>Whether a code point is in it.</summary>
    public bool Holds(int codePoint)
    {
        foreach (var (first, last) in Ranges)
            if (codePoint >= first && codePoint <= last) return !IsNegated;
        return IsNegated;
    }

    /// <summary>Whether any of a row of code points is in it, of which half a character may still become each.</summary>
    public bool HoldsAny(int first, int last)
    {
        if (!IsNegated) return Ranges.Any(range => range.First <= last && first <= range.Last);
        // The first that no range covers.
        int open = first;
        foreach (var range in Ranges.OrderBy(range => range.First))
            if (range.First <= open && open <= range.Last) open = range.Last + 1;
        return open <= last;
    }
}
