namespace Lowrank.Language;

/// <summary>Compares the classes, or the score, that a model tells with those that are right.</summary>
sealed class LabelEvaluator : Evaluator
{
    readonly LabelData data;
    readonly LanguageClassifier model;
    readonly EvaluationOptions options;
    readonly IReadOnlyList<TokenizedText> rows;
    readonly int[] classOf;   // of each of the model's classes the number in the data

    public LabelEvaluator(LabelData data, LanguageClassifier model, EvaluationOptions options)
    {
        (this.data, this.model, this.options) = (data, model, options);
        (classOf, string told) = Matched();
        rows = model.Tokens([.. data.Rows.Select(row => (row.First, row.Second))]);
        int cut = rows.Count(row => row.Ids.Count == model.Longest);
        string[] notes = cut == 0 ? [] : [$"{cut} of {rows.Count} rows have {model.Longest} tokens, the most that are read, or more: " +
            "these are cut at the end."];
        Notes = [told, .. notes];
    }

    (int[] ClassOf, string Told) Matched()
    {
        var own = model.Labels;
        if (data.Classes.Count == 0)
            return own.Count == 1 ? ([], "The model's one score is compared.") : throw new LowrankException(
                $"the data have scores, and the model tells {own.Count} classes ({Told(own)}). Is it a model for another task?");
        if (own.Count < data.Classes.Count) throw new LowrankException(
            $"the data have {data.Classes.Count} classes ({Told(data.Classes)}), and the model tells {own.Count} ({Told(own)}). " +
            "Is it a model for another task?");
        var named = data.Classes.ToList();
        int[] byName = [.. own.Select(label => named.FindIndex(one => one.Equals(label, StringComparison.OrdinalIgnoreCase)))];
        int matched = byName.Where(number => number >= 0).Distinct().Count();
        if (matched == data.Classes.Count) return (byName, "Classes are matched by their names.");
        bool areNumbered = data.Classes[0] == "0" || own.All(label => label.StartsWith("LABEL_", StringComparison.Ordinal));
        if (!areNumbered || !data.OrderIsKnown) throw new LowrankException(
            $"the data have the classes {Told(data.Classes)}, and the model {Told(own)}: which is which cannot be known. " +
            "Write the classes' names into id2label of config.json, or numbers as labels.");
        return ([.. Enumerable.Range(0, own.Count)], $"Classes are matched by their numbers: {string.Join(", ",
            data.Classes.Zip(own, (one, other) => $"{one} is {other}").Take(4))}.");
    }

    static string Told(IReadOnlyList<string> names) => string.Join(", ", names.Take(4)) + (names.Count > 4 ? ", ..." : "");

    /// <inheritdoc/>
    public override EvaluationResult Measure(IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        var told = new SortedDictionary<int, double>();
        if (!cancel.IsCancellationRequested)
            foreach (var (row, scores) in model.Score(rows, options.Batch))
            {
                told[row] = data.Classes.Count == 0 ? scores[0] : classOf[Array.IndexOf(scores, scores.Max())];
                progress?.Report((double)told.Count / rows.Count);
                if (cancel.IsCancellationRequested) break;
            }
        if (told.Count == 0) return new([], [], false);
        var measures = LabelMeasures.Measure(data.Measures, [.. told.Keys.Select(row => data.Rows[row].Label)], [.. told.Values]);
        return new(measures, [.. told.Select(one => Told(one.Key, one.Value))], told.Count == rows.Count);
    }

    EvaluatedRow Told(int row, double value)
    {
        var (number, first, second, label) = data.Rows[row];
        return new(number, second is null ? first : $"{first}\t{second}") { Answer = Name(value), References = [Name(label)] };
    }

    string Name(double label) =>
        data.Classes.Count > 0 && label >= 0 && label < data.Classes.Count ? data.Classes[(int)label] : PlainValue.Text(label);
}
