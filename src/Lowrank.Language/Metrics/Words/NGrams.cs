namespace Lowrank.Language;

/// <summary>Runs of n words of a text, counted. A run is its words with spaces between, which words do not hold.</summary>
public static class NGrams
{
    /// <summary>How often each run of <paramref name="order"/> words occurs.</summary>
    public static Dictionary<string, int> Of(IReadOnlyList<string> words, int order)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int start = 0; start + order <= words.Count; start++) Add(counts, Run(words, start, order), 1);
        return counts;
    }

    /// <summary>How many runs of <paramref name="order"/> words a text has.</summary>
    /// <param name="words">Its words.</param>
    /// <param name="order">Words of a run.</param>
    /// <param name="belowZero">Whether a text of fewer words has less than none, as e2e-metrics counts.</param>
    internal static int Number(int words, int order, bool belowZero) => belowZero ? words - order + 1 : Math.Max(0, words - order + 1);

    /// <summary>How often each run of <paramref name="order"/> characters occurs (code points, not UTF-16 units).</summary>
    public static Dictionary<string, int> OfCharacters(string text, int order) => Of(Characters(text), order);

    /// <summary>The code points of a text, each by itself.</summary>
    public static string[] Characters(string text) => [.. text.EnumerateRunes().Select(rune => rune.ToString())];

    /// <summary>Of every run the highest count that one of several texts has.</summary>
    public static Dictionary<string, int> Highest(IEnumerable<IReadOnlyList<string>> texts, int order)
    {
        var highest = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in texts)
            foreach (var (run, count) in Of(text, order))
                highest[run] = Math.Max(highest.GetValueOrDefault(run), count);
        return highest;
    }

    /// <summary>How many runs two texts share, each as often as both have it.</summary>
    public static int Shared(Dictionary<string, int> one, Dictionary<string, int> other)
    {
        int shared = 0;
        foreach (var (run, count) in one) shared += Math.Min(count, other.GetValueOrDefault(run));
        return shared;
    }

    internal static void Add(Dictionary<string, int> counts, string run, int count) => counts[run] = counts.GetValueOrDefault(run) + count;

    static string Run(IReadOnlyList<string> words, int start, int order)
    {
        if (order == 1) return words[start];
        return string.Join(' ', words.Skip(start).Take(order));
    }
}
