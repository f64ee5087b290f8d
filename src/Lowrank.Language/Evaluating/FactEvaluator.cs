namespace Lowrank.Language;

/// <summary>Has a model put facts into words, and compares these with people's.</summary>
sealed class FactEvaluator : Evaluator
{
    readonly FactData data;
    readonly LanguageModel model;
    readonly EvaluationOptions options;
    readonly List<(string Place, IReadOnlyList<int> Tokens)> prompts;

    public FactEvaluator(FactData data, LanguageModel model, EvaluationOptions options)
    {
        (this.data, this.model, this.options) = (data, model, options);
        var asking = new EvaluationPrompt(model, options, data.Measures.Prompt);
        prompts = [.. data.Facts.Select(fact => (fact.Place, asking.Of(fact.Context)))];
        Notes = asking.Notes;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<int>> Read => prompts.ConvertAll(one => one.Tokens);

    /// <inheritdoc/>
    public override EvaluationResult Measure(IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        var written = WrittenAnswers.Write(model, prompts, options, progress, cancel);
        var texts = written.ToDictionary(one => one.Key, one => new ScoredText(
            WrittenAnswers.Plain(one.Value.Text), [.. data.Facts[one.Key].References.Select(WrittenAnswers.Plain)]));
        var rows = written.Select(one => new EvaluatedRow(data.Facts[one.Key].Number, data.Facts[one.Key].Context)
        {
            Answer = one.Value.Text,
            References = data.Facts[one.Key].References,
            Values = new Dictionary<string, double> { ["tokens"] = one.Value.Ids.Count },
        });
        return new(Measures(texts), [.. rows], written.Count == prompts.Count);
    }

    List<Measured> Measures(Dictionary<int, ScoredText> texts)
    {
        if (texts.Count == 0) return [];
        var scored = texts.ToDictionary(one => one.Key, one => data.Measures.Words(one.Value));
        List<Measured> measures = [.. data.Measures.Over([.. scored.OrderBy(one => one.Key).Select(one => one.Value)]), .. Told(texts)];
        var groups = scored.OrderBy(one => one.Key).GroupBy(one => Group(data.Facts[one.Key]), one => one.Value).ToList();
        if (groups.Count < 2) return measures;
        foreach (var group in groups) measures.AddRange(data.Measures.Over([.. group], group.Key));
        return measures;
    }

    // Of E2E's own notation; other facts are sentences already.
    IEnumerable<Measured> Told(Dictionary<int, ScoredText> texts)
    {
        var facts = texts.SelectMany(one => ToldFacts.Of(data.Facts[one.Key].Context), (text, fact) => (Text: text.Value.Hypothesis, fact));
        var told = facts.Select(one => ToldFacts.IsTold(one.fact.Slot, one.fact.Value, one.Text)).ToList();
        if (told.Count > 0) yield return new("facts told", (double)told.Count(one => one) / told.Count, told.Count, "facts");
    }

    // WebNLG is told by whether a category was in its training set.
    static string Group(DataToText fact) => WebNlgData.IsSeen(fact) ? "seen" : "unseen";
}
