namespace Lowrank.Language;

/// <summary>ROUGE as Google's rouge-score computes it (0 to 1). The F of texts is the mean over rows of the best reference's.</summary>
/// <param name="Stemmed">Whether longer words are compared by their Porter stems.</param>
public sealed record Rouge(bool Stemmed = false)
{
    /// <summary>Shared runs of <paramref name="order"/> words.</summary>
    public PrecisionRecall N(string hypothesis, string reference, int order)
    {
        var (written, right) = (NGrams.Of(Words(hypothesis), order), NGrams.Of(Words(reference), order));
        return PrecisionRecall.Of(NGrams.Shared(written, right), written.Values.Sum(), right.Values.Sum());
    }

    /// <summary>The longest common row of words.</summary>
    public PrecisionRecall L(string hypothesis, string reference)
    {
        var (written, right) = (Words(hypothesis), Words(reference));
        if (written.Length == 0 || right.Length == 0) return default;
        return PrecisionRecall.Of(LongestCommon.Length(right, written), written.Length, right.Length);
    }

    /// <summary>The same line by line: words of each of the reference's lines that stand in its longest common row with any line.</summary>
    public PrecisionRecall LSum(string hypothesis, string reference)
    {
        var (written, right) = (Lines(hypothesis), Lines(reference));
        int writtenWords = written.Sum(line => line.Length), rightWords = right.Sum(line => line.Length);
        if (writtenWords == 0 || rightWords == 0) return default;
        // A word counts as often as both texts have it.
        var (leftOfWritten, leftOfRight) = (Counts(written), Counts(right));
        int hits = 0;
        foreach (var line in right)
            foreach (int place in written.SelectMany(other => LongestCommon.Places(line, other)).Distinct().Order())
            {
                string word = line[place];
                if (leftOfWritten[word] <= 0 || leftOfRight[word] <= 0) continue;
                hits++;
                leftOfWritten[word]--;
                leftOfRight[word]--;
            }
        return PrecisionRecall.Of(hits, writtenWords, rightWords);
    }

    /// <summary>The mean F over texts of runs of <paramref name="order"/> words.</summary>
    public double N(IReadOnlyList<ScoredText> texts, int order) => Mean(texts, (hypothesis, reference) => N(hypothesis, reference, order));

    /// <summary>The mean F over texts of the longest common row.</summary>
    public double L(IReadOnlyList<ScoredText> texts) => Mean(texts, L);

    /// <summary>The mean F over texts, line by line.</summary>
    public double LSum(IReadOnlyList<ScoredText> texts) => Mean(texts, LSum);

    static double Mean(IReadOnlyList<ScoredText> texts, Func<string, string, PrecisionRecall> measure) =>
        texts.Average(text => text.References.Max(reference => measure(text.Hypothesis, reference).F));

    string[] Words(string text) => RougeWords.Of(text, Stemmed);

    List<string[]> Lines(string text) => [.. text.Split('\n').Where(line => line.Length > 0).Select(Words)];

    static Dictionary<string, int> Counts(List<string[]> lines) => NGrams.Of([.. lines.SelectMany(line => line)], 1);
}
