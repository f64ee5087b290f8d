namespace Lowrank.Torch;

/// <summary>Finds the known names that look most like one that is not known: for errors.</summary>
public static class NearestNames
{
    /// <summary>Up to <paramref name="count"/> of <paramref name="known"/>, nearest first by edit distance.</summary>
    public static IReadOnlyList<string> To(string name, IEnumerable<string> known, int count = 3)
    {
        var measured = known.Select(other => (Name: other, Distance: Distance(name, other)));
        var nearest = measured.OrderBy(pair => pair.Distance).ThenBy(pair => pair.Name, StringComparer.Ordinal);
        return [.. nearest.Take(count).Select(pair => pair.Name)];
    }

    // Levenshtein, in two rows.
    static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            (previous, current) = (current, previous);
        }
        return previous[b.Length];
    }
}
