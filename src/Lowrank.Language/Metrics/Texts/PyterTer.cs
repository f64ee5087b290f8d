namespace Lowrank.Language;

/// <summary>Translation edit rate as pyter computes it, which WebNLG and DART are told in: word edits and shifts of blocks over the words
/// of a reference. Lower is better; it may be above 1.</summary>
public static class PyterTer
{
    /// <summary>The mean over texts that are split at white space already, of each the lowest over its references.</summary>
    public static double Of(IReadOnlyList<ScoredText> texts) => texts.Average(Of);

    /// <summary>Of one text: the lowest over its references; an empty reference counts 1.</summary>
    public static double Of(ScoredText text)
    {
        var words = WhiteSpaceWords.Of(text.Hypothesis);
        return text.References.Min(reference => reference.Length == 0 ? 1 : Of(words, WhiteSpaceWords.Of(reference)));
    }

    /// <summary>Of words: the best shift is made as long as it saves an edit.</summary>
    public static double Of(string[] words, string[] reference)
    {
        if (reference.Length == 0) return 1;
        int shifts = 0, edits = EditDistance(words, reference);
        while (BestShift(words, reference) is { } shifted && shifted.Edits < edits)
        {
            (words, edits) = (shifted.Words, shifted.Edits);
            shifts++;
        }
        return (double)(shifts + edits) / reference.Length;
    }

    // Of shifts that save as much, pyter takes the one whose words come last in the alphabet.
    static (string[] Words, int Edits)? BestShift(string[] words, string[] reference)
    {
        (string[] Words, int Edits)? best = null;
        for (int from = 0; from < words.Length; from++)
            for (int to = 0; to < reference.Length; to++)
            {
                if (from == to || words[from] != reference[to]) continue;
                var shifted = Shifted(words, from, Common(words, from, reference, to), to);
                int edits = EditDistance(shifted, reference);
                bool isBetter = best is not { } known || edits < known.Edits || (edits == known.Edits && ComesLater(shifted, known.Words));
                if (isBetter) best = (shifted, edits);
            }
        return best;
    }

    static int Common(string[] words, int from, string[] reference, int to)
    {
        int length = 1;
        while (from + length < words.Length && to + length < reference.Length && words[from + length] == reference[to + length]) length++;
        return length;
    }

    static string[] Shifted(string[] words, int from, int length, int to)
    {
        var rest = words.ToList();
        rest.RemoveRange(from, length);
        rest.InsertRange(Math.Min(to, rest.Count), words.Skip(from).Take(length));
        return [.. rest];
    }

    static bool ComesLater(string[] one, string[] other)
    {
        for (int i = 0; i < one.Length; i++)
            if (string.CompareOrdinal(one[i], other[i]) is not 0 and var order) return order > 0;
        return false;
    }

    internal static int EditDistance(string[] words, string[] reference)
    {
        int[] before = [.. Enumerable.Range(0, reference.Length + 1)], row = new int[reference.Length + 1];
        for (int i = 1; i <= words.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= reference.Length; j++)
            {
                int exchanged = before[j - 1] + (words[i - 1] == reference[j - 1] ? 0 : 1);
                row[j] = Math.Min(exchanged, Math.Min(before[j], row[j - 1]) + 1);
            }
            (before, row) = (row, before);
        }
        return before[reference.Length];
    }
}
