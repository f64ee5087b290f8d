namespace Lowrank.Training;

/// <summary>Examples with labels as rows.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="aim">What their labels are.</param>
/// <param name="labels">The classes.</param>
/// <param name="maxLength">The most tokens of a row.</param>
sealed class HeadRows(TextTokenizer tokenizer, HeadAim aim, HeadLabels labels, int maxLength)
{
    const string NoText = "it has no text";

    readonly List<SkippedRow> dropped = [];

    /// <summary>Rows that are left out.</summary>
    public IReadOnlyList<SkippedRow> Dropped => dropped;

    /// <summary>Rows that were cut.</summary>
    public int Cut { get; private set; }

    /// <summary>The rows of examples.</summary>
    /// <exception cref="LowrankException">A label is none of those that are trained; the row is named. Or nothing is left.</exception>
    public IReadOnlyList<HeadRow> Of(IReadOnlyList<Example> examples)
    {
        var taken = new List<Example>();
        foreach (var example in examples)
            if (string.IsNullOrWhiteSpace(First(example))) dropped.Add(new(example.Place, NoText));
            else taken.Add(example);
        if (taken.Count == 0)
            throw new LowrankException($"nothing is left to learn: of {Listing.Count(examples.Count, "row")} none has a text.");
        List<(string, string?)> texts = [.. taken.Select(example => (First(example), Second(example)))];
        var whole = tokenizer.EncodeBatch(texts, null, parseSpecials: false);
        Cut = whole.Count(row => row.Ids.Count > maxLength);
        var truncation = new Truncation(maxLength)
        {
            Strategy = aim == HeadAim.Span ? TruncationStrategy.OnlySecond : TruncationStrategy.LongestFirst,
        };
        var rows = Cut == 0 ? whole : tokenizer.EncodeBatch(texts, truncation, parseSpecials: false);
        return [.. taken.Zip(rows, (example, row) => new HeadRow(row.Ids, row.TypeIds, Wanted(example, row), example.Place))];
    }

    static string First(Example example) => example.Labelled?.First ?? example.Tagged?.Text ?? example.Question!.Asked;

    static string? Second(Example example) => example.Labelled?.Second ?? example.Question?.Context;

    double[] Wanted(Example example, TokenizedText row)
    {
        try
        {
            return aim switch
            {
                HeadAim.Number => [HeadLabels.ScoreOf(example.Labelled!.Label)],
                HeadAim.Class => [labels.Number(example.Labelled!.Label)],
                HeadAim.Several => Several(example.Labelled!.Label),
                HeadAim.Span => Span(example.Question!, row),
                _ => Tags(example.Tagged!, row),
            };
        }
        catch (LowrankException error)
        {
            throw new LowrankException($"{example.Place}: {error.Message}", error);
        }
    }

    double[] Several(string label)
    {
        double[] wanted = new double[labels.Names.Count];
        foreach (string one in HeadLabels.Several(label)) wanted[labels.Number(one)] = 1;
        return wanted;
    }

    // A word's first token has its label, the others count nothing.
    double[] Tags(TaggedWords tagged, TokenizedText row)
    {
        double[] wanted = [.. row.Ids.Select(_ => (double)LanguageBatch.NotCounted)];
        int word = -1;
        for (int at = 0; at < row.Ids.Count; at++)
        {
            if (row.Added[at] == 1 || row.Offsets[at].End == row.Offsets[at].Start) continue;
            int own = tagged.WordAt(row.Offsets[at].End - 1);
            if (own > word) wanted[at] = labels.Number(tagged.Tags[word = own]);
        }
        return wanted;
    }

    // An answer that was cut away is looked for at the first token, as transformers' examples do.
    static double[] Span(AskedQuestion question, TokenizedText row)
    {
        var (start, end) = question.Span;
        int first = -1, last = -1;
        for (int at = 0; at < row.Ids.Count; at++)
        {
            bool isInside = row.Added[at] == 0 && at >= SecondStart(row) && row.Offsets[at].Start < end && row.Offsets[at].End > start;
            if (!isInside) continue;
            if (first < 0) first = at;
            last = at;
        }
        bool isWhole = first >= 0 && row.Offsets[last].End >= end;
        return isWhole ? [first, last] : [0, 0];
    }

    // Behind the template's tokens between the two.
    static int SecondStart(TokenizedText row)
    {
        int at = 0;
        foreach (int added in new[] { 1, 0, 1 })
            while (at < row.Ids.Count && row.Added[at] == added) at++;
        return at;
    }
}
