namespace Lowrank.Language;

/// <summary>Perplexity of texts: every token weighs the same; what is longer than a window is read by windows, each token once.</summary>
sealed class TextEvaluator : Evaluator
{
    const int UsualWindow = 2048;

    readonly LanguageModel model;
    readonly EvaluationOptions options;
    readonly List<(int Text, ScoringRow Row)> rows = [];
    readonly TextData data;

    public TextEvaluator(TextData data, LanguageModel model, EvaluationOptions options)
    {
        (this.data, this.model, this.options) = (data, model, options);
        int window = Math.Min(options.Window ?? UsualWindow, model.Room);
        int stride = options.Stride ?? Math.Max(1, window / 2), begun = 0, cut = 0;
        int? begin = options.Begin is { } name ? BeginTokens.Named(model.Tokenizer, name) : null;
        foreach (var (at, (_, text)) in data.Texts.Index())
        {
            var ids = Ids(text, begin, out bool hadBegin);
            var windows = Perplexity.Windows(ids.Count, window, stride).ToList();
            foreach (var part in windows) rows.Add((at, Row(ids, part)));
            if (hadBegin) begun++;
            if (windows.Count > 1) cut++;
        }
        if (rows.All(row => row.Row.Counted.Count == 0)) throw new LowrankException(
            "no token can be foretold: every text has one token alone, and nothing stands before it. `begin` puts a token in front.");
        Notes = [.. Told(begun, cut, window, stride)];
    }

    IReadOnlyList<int> Ids(string text, int? begin, out bool hadBegin)
    {
        if (begin is not { } first) return model.Tokenizer.EncodeRendered(text, out hadBegin).Ids;
        var ids = model.Tokenizer.Encode(text, addSpecials: false).Ids;
        hadBegin = ids.Count > 0 && ids[0] == first;
        return hadBegin ? ids : [first, .. ids];
    }

    static ScoringRow Row(IReadOnlyList<int> ids, PerplexityWindow window) =>
        ScoringRow.From([.. ids.Skip(window.Start).Take(window.Length)], window.FirstCounted);

    IEnumerable<string> Told(int begun, int cut, int window, int stride)
    {
        if (options.Window > model.Room)
            yield return $"`window` is {options.Window}, and the model reads {model.Room} tokens at most: these are taken.";
        string bring = begun == 1 ? "brings" : "bring", are = cut == 1 ? "is" : "are";
        if (begun > 0) yield return $"{begun} of {data.Count} texts {bring} the begin token along; it stands once.";
        if (cut > 0)
            yield return $"{cut} of {data.Count} texts {are} read in windows of {window} tokens, each {stride} behind the one before; " +
                "every token counts once.";
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<int>> Read => rows.ConvertAll(one => one.Row.Ids);

    /// <inheritdoc/>
    public override EvaluationResult Measure(IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        var scored = Scored(model, [.. rows.Select(one => one.Row)], options, progress, cancel);
        var texts = rows.Index().ToLookup(one => one.Item.Text, one => one.Index);
        var whole = data.Texts.Index().Where(text => texts[text.Index].All(scored.ContainsKey)).Select(text =>
            Told(text.Item.Number, text.Item.Text, [.. texts[text.Index].Select(row => scored[row])]));
        return new(OfTokens(scored.Values), [.. whole], scored.Count == rows.Count);
    }

    static EvaluatedRow Told(int number, string text, IReadOnlyList<ScoredRow> parts) =>
        new(number, text) { Values = OfTokens(parts).Append(Counted(parts)).ToDictionary(one => one.Name, one => one.Value) };

    static Measured Counted(IReadOnlyList<ScoredRow> parts) =>
        new("tokens", parts.Sum(part => part.LogProbabilities.Length), parts.Count, "windows");
}
