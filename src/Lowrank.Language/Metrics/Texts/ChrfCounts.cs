namespace Lowrank.Language;

/// <summary>Runs of characters and of words, order by order, that chrF is made of (Popović 2015, 2017).</summary>
/// <param name="Hypothesis">For each order the runs of the hypothesis; 0 where the reference has none.</param>
/// <param name="Reference">The runs of the reference.</param>
/// <param name="Shared">Those that both have.</param>
sealed record ChrfCounts(int[] Hypothesis, int[] Reference, int[] Shared)
{
    const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    // Recall counts twice as much.
    const double Factor = 4;

    internal int Orders => Shared.Length;

    internal static ChrfCounts None(int orders) => new(new int[orders], new int[orders], new int[orders]);

    internal static ChrfCounts Of(string hypothesis, string reference, int characters, int words)
    {
        var counts = None(characters + words);
        var (written, right) = (NGrams.Characters(Packed(hypothesis)), NGrams.Characters(Packed(reference)));
        for (int order = 1; order <= characters; order++) counts.Set(order - 1, NGrams.Of(written, order), NGrams.Of(right, order));
        var (writtenWords, rightWords) = (Words(hypothesis), Words(reference));
        for (int order = 1; order <= words; order++)
            counts.Set(characters + order - 1, NGrams.Of(writtenWords, order), NGrams.Of(rightWords, order));
        return counts;
    }

    internal void Add(ChrfCounts other)
    {
        for (int order = 0; order < Orders; order++)
        {
            Hypothesis[order] += other.Hypothesis[order];
            Reference[order] += other.Reference[order];
            Shared[order] += other.Shared[order];
        }
    }

    /// <summary>F of the mean precision and recall over the orders that both texts are long enough for, as sacreBLEU has it.</summary>
    internal double OfMeans()
    {
        double precision = 0, recall = 0;
        int orders = 0;
        for (int order = 0; order < Orders; order++)
        {
            if (Hypothesis[order] == 0 || Reference[order] == 0) continue;
            precision += (double)Shared[order] / Hypothesis[order];
            recall += (double)Shared[order] / Reference[order];
            orders++;
        }
        return orders == 0 ? 0 : F(precision / orders, recall / orders);
    }

    /// <summary>The mean of each order's F, as chrF++.py has it.</summary>
    internal double MeanOfEach() => Enumerable.Range(0, Orders).Sum(order =>
        F((double)Shared[order] / Math.Max(1, Hypothesis[order]), (double)Shared[order] / Math.Max(1, Reference[order]))) / Orders;

    static double F(double precision, double recall) =>
        precision + recall == 0 ? 0 : (1 + Factor) * precision * recall / (Factor * precision + recall);

    void Set(int order, Dictionary<string, int> written, Dictionary<string, int> right)
    {
        Hypothesis[order] = right.Count > 0 ? written.Values.Sum() : 0;
        Reference[order] = right.Values.Sum();
        Shared[order] = NGrams.Shared(written, right);
    }

    static string Packed(string text) => string.Concat(WhiteSpaceWords.Of(text));

    // A mark at a word's end, or else at its beginning, is a word by itself.
    static List<string> Words(string text)
    {
        var words = new List<string>();
        foreach (string word in WhiteSpaceWords.Of(text))
        {
            if (word.Length > 1 && Punctuation.Contains(word[^1])) words.AddRange([word[..^1], word[^1..]]);
            else if (word.Length > 1 && Punctuation.Contains(word[0])) words.AddRange([word[..1], word[1..]]);
            else words.Add(word);
        }
        return words;
    }
}
