namespace Lowrank.Language;

/// <summary>Places in a row, of which some go away: each knows its neighbours.</summary>
sealed class LinkedRow
{
    const int Gone = -2;

    readonly int[] next, previous;

    /// <summary>A row of so many places.</summary>
    public LinkedRow(int count)
    {
        (next, previous) = (new int[count], new int[count]);
        for (int i = 0; i < count; i++) (next[i], previous[i]) = (i + 1 < count ? i + 1 : -1, i - 1);
    }

    /// <summary>The place after one, or −1.</summary>
    public int Next(int place) => next[place];

    /// <summary>The place before one, or −1.</summary>
    public int Previous(int place) => previous[place];

    /// <summary>Whether a place was taken away.</summary>
    public bool IsGone(int place) => previous[place] == Gone;

    /// <summary>Takes a place away.</summary>
    public void Remove(int place)
    {
        int before = previous[place], after = next[place];
        if (before >= 0) next[before] = after;
        if (after >= 0) previous[after] = before;
        (previous[place], next[place]) = (Gone, -1);
    }
}
