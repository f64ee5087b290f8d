namespace Lowrank.Training;

/// <summary>A text or a pair as ids, with what a head should say of it.</summary>
/// <param name="Ids">The ids, with the tokens that the tokenizer puts around.</param>
/// <param name="Segments">0 for the first text and 1 for the second, as the model's kind has it.</param>
/// <param name="Target">The class's number, or the score.</param>
sealed record ClassifiedRow(IReadOnlyList<int> Ids, IReadOnlyList<int> Segments, double Target)
{
    /// <summary>The rows of texts or pairs; what is too long loses tokens one by one from the longer part's end.</summary>
    /// <param name="examples">Labelled examples.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="maxLength">The most tokens of a row; null for any number.</param>
    /// <param name="target">What a label's words stand for.</param>
    public static IReadOnlyList<ClassifiedRow> Of(
        IReadOnlyList<Example> examples, TextTokenizer tokenizer, int? maxLength, Func<string, double> target)
    {
        List<(string, string?)> texts = [.. examples.Select(example => (example.Labelled!.First, example.Labelled!.Second))];
        var encoded = tokenizer.EncodeBatch(texts, maxLength is { } most ? new Truncation(most) : null);
        return [.. encoded.Select((row, at) => new ClassifiedRow(row.Ids, row.TypeIds, Target(examples[at])))];

        double Target(Example example)
        {
            try
            {
                return target(example.Labelled!.Label);
            }
            catch (LowrankException error)
            {
                throw new LowrankException($"{example.Place}: {error.Message}", error);
            }
        }
    }

    /// <summary>The rows as a batch without labels of tokens; segments only where some are 1.</summary>
    public static LanguageBatch Stacked(IReadOnlyList<ClassifiedRow> rows, RowCollator collator, int? length = null)
    {
        var batch = collator.Stacked([.. rows.Select(row => LearnedRow.From(row.Ids, row.Ids.Count))], length);
        if (rows.All(row => row.Segments.All(segment => segment == 0))) return batch;
        var segments = collator.Stacked([.. rows.Select(row => new LearnedRow(row.Segments, row.Segments))], (int)batch.Ids.shape[1]);
        var types = segments.Ids * segments.Mask;
        segments.Dispose();
        return batch with { Segments = types };
    }

    /// <summary>Numbers of the classes of labelled examples, in the order of their names.</summary>
    public static IReadOnlyDictionary<string, int> Classes(IEnumerable<Example> examples)
    {
        var names = examples.Select(example => example.Labelled!.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return names.Index().ToDictionary(one => one.Item, one => one.Index);
    }
}
