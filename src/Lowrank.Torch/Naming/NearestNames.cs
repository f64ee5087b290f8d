namespace Lowrank.Torch;

/// <summary>Finds the known names that look most like one that is not known: for errors.</summary>
public static class NearestNames
{
    // Of known names none of which resembles the one asked for so many are told.
    const int Listed = 8;

    /// <summary>Up to <paramref name="count"/> of <paramref name="known"/>, nearest first by edit distance.</summary>
    public static IReadOnlyList<string> To(string name, IEnumerable<string> known, int count = 3)
    {
        var measured = known.Select(other => (Name: other, Distance: Distance(name, other)));
        var nearest = measured.OrderBy(pair => pair.Distance).ThenBy(pair => pair.Name, StringComparer.Ordinal);
        return [.. nearest.Take(count).Select(pair => pair.Name)];
    }

    /// <summary>
    /// Those of them that resemble the name, in any case of letters: one within the other, or no more than half of the longer changed.
    /// </summary>
    public static IReadOnlyList<string> Resembling(string name, IEnumerable<string> known, int count = 3)
    {
        string plain = name.ToLowerInvariant();
        return [.. To(plain, known.Select(other => other.ToLowerInvariant()).Where(IsAlike), count).SelectMany(Spelled).Take(count)];

        bool IsAlike(string other)
        {
            bool isWithin = plain.Length > 1 && other.Contains(plain, StringComparison.Ordinal)
                || other.Length > 1 && plain.Contains(other, StringComparison.Ordinal);
            return isWithin || 2 * Distance(plain, other) <= Math.Max(plain.Length, other.Length);
        }

        IEnumerable<string> Spelled(string other) => known.Where(one => one.Equals(other, StringComparison.OrdinalIgnoreCase)).Take(1);
    }

    /// <summary>
    /// What an error says of the known names: "nearest: a, b", those that resemble the one that was asked for; where none does, "none
    /// resembles it; there are a, b, c".
    /// </summary>
    /// <param name="name">The name that was asked for.</param>
    /// <param name="known">The names that there are.</param>
    public static string Told(string name, IEnumerable<string> known)
    {
        string[] all = [.. known.Distinct()];
        if (all.Length == 0) return "there are none";
        var near = Resembling(name, all);
        if (near.Count > 0) return $"nearest: {string.Join(", ", near)}";
        string more = all.Length > Listed ? $", and {all.Length - Listed} more" : "";
        return $"none resembles it; there are {string.Join(", ", all.Take(Listed))}{more}";
    }

    /// <summary>The same as a sentence by itself.</summary>
    /// <inheritdoc cref="Told"/>
    public static string Sentence(string name, IEnumerable<string> known)
    {
        string told = Told(name, known);
        return $"{char.ToUpperInvariant(told[0])}{told[1..]}.";
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
