namespace Lowrank.Language;

/// <summary>NLTK's meteor_score without a word net (Banerjee and Lavie 2005, equal words and Porter stems; 0 to 1). Not METEOR
/// 1.5.</summary>
public static class NltkMeteor
{
    const double Alpha = 0.9, Beta = 3, Gamma = 0.5;

    /// <summary>The mean over texts.</summary>
    public static double Of(IReadOnlyList<ScoredText> texts) => texts.Average(Of);

    /// <summary>Of one text, its words parted at white space and in lower case: the best of its references.</summary>
    public static double Of(ScoredText text)
    {
        var hypothesis = Words(text.Hypothesis);
        return text.References.Max(reference => Of(hypothesis, Words(reference)));
    }

    static string[] Words(string text) => WhiteSpaceWords.Of(text.ToLowerInvariant());

    static double Of(string[] hypothesis, string[] reference)
    {
        var pairs = new List<(int Hypothesis, int Reference)>();
        var left = Enumerable.Range(0, hypothesis.Length).ToList();
        var open = Enumerable.Range(0, reference.Length).ToList();
        Pair(hypothesis, reference, left, open, pairs);
        Pair([.. hypothesis.Select(PorterStemmer.Stem)], [.. reference.Select(PorterStemmer.Stem)], left, open, pairs);
        if (pairs.Count == 0) return 0;
        double precision = (double)pairs.Count / hypothesis.Length, recall = (double)pairs.Count / reference.Length;
        double mean = precision * recall / (Alpha * precision + (1 - Alpha) * recall);
        return (1 - Gamma * Math.Pow((double)Chunks(pairs) / pairs.Count, Beta)) * mean;
    }

    // From the ends on, each word with the last that equals it.
    static void Pair(string[] hypothesis, string[] reference, List<int> left, List<int> open, List<(int Hypothesis, int Reference)> pairs)
    {
        for (int i = left.Count - 1; i >= 0; i--)
        {
            int at = open.FindLastIndex(j => reference[j] == hypothesis[left[i]]);
            if (at < 0) continue;
            pairs.Add((left[i], open[at]));
            left.RemoveAt(i);
            open.RemoveAt(at);
        }
    }

    static int Chunks(List<(int Hypothesis, int Reference)> pairs)
    {
        pairs.Sort();
        int chunks = 1;
        for (int i = 1; i < pairs.Count; i++)
            if (pairs[i] != (pairs[i - 1].Hypothesis + 1, pairs[i - 1].Reference + 1)) chunks++;
        return chunks;
    }
}
