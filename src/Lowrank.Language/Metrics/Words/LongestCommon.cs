namespace Lowrank.Language;

/// <summary>The longest row of words that stands in both of two texts in the same order.</summary>
public static class LongestCommon
{
    /// <summary>Its length.</summary>
    public static int Length(IReadOnlyList<string> one, IReadOnlyList<string> other) => Table(one, other)[one.Count, other.Count];

    /// <summary>The places in <paramref name="one"/> of the words of such a row (of several, the one that rouge-score takes).</summary>
    public static List<int> Places(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        var table = Table(one, other);
        var places = new List<int>();
        for (int i = one.Count, j = other.Count; i > 0 && j > 0;)
        {
            if (one[i - 1] == other[j - 1])
            {
                places.Insert(0, i - 1);
                (i, j) = (i - 1, j - 1);
            }
            else if (table[i, j - 1] > table[i - 1, j]) j--;
            else i--;
        }
        return places;
    }

    static int[,] Table(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        var table = new int[one.Count + 1, other.Count + 1];
        for (int i = 1; i <= one.Count; i++)
            for (int j = 1; j <= other.Count; j++)
                table[i, j] = one[i - 1] == other[j - 1] ? table[i - 1, j - 1] + 1 : Math.Max(table[i - 1, j], table[i, j - 1]);
        return table;
    }
}
