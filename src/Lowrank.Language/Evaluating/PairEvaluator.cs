namespace Lowrank.Language;

/// <summary>How often the better text of a pair has the higher summed log-probability, by groups too (BLiMP's measure).</summary>
sealed class PairEvaluator : Evaluator
{
    readonly LanguageModel model;
    readonly EvaluationOptions options;
    readonly IReadOnlyList<TextPair> pairs;
    readonly List<ScoringRow> rows = [];
    readonly List<(int Pair, int Better, int Worse)> places = [];   // of the texts of a pair among the rows

    public PairEvaluator(PairRows data, LanguageModel model, EvaluationOptions options)
    {
        (pairs, this.model, this.options) = (data.Pairs, model, options);
        bool isBare = pairs.Any(pair => pair.Prompt.Length == 0);
        int begin = isBare ? Begin() : -1;
        List<int> empty = [];
        foreach (var (number, pair) in pairs.Index())
        {
            IReadOnlyList<int> before = pair.Prompt.Length == 0 ? [begin] : model.Prompt(pair.Prompt);
            var (better, worse) = (Ids(pair.Better), Ids(pair.Worse));
            if (better.Count == 0 || worse.Count == 0)
            {
                empty.Add(number + 1);   // nothing is likelier than any text
                continue;
            }
            int first = Add(number, before, better);
            places.Add((number, first, pair.Worse == pair.Better ? first : Add(number, before, worse)));
        }
        string[] told = isBare ? [$"In front of each text stands {model.Tokenizer.Token(begin)} (token {begin})."] : [];
        Notes = [.. told, .. LeftOutRows.Told(empty, pairs.Count, "have a text without a token")];
    }

    int Begin() => options.Begin is { } name ? BeginTokens.Named(model.Tokenizer, name) : BeginTokens.Usual(model.Tokenizer);

    IReadOnlyList<int> Ids(string text) => model.Tokenizer.Encode(text, addSpecials: false).Ids;

    int Add(int number, IReadOnlyList<int> before, IReadOnlyList<int> ids)
    {
        if (before.Count + ids.Count > model.Room)
            throw new LowrankException($"pair {number + 1} has a text of {before.Count + ids.Count} tokens, and the model reads " +
                $"{model.Room} at most. Leave the pair out.");
        rows.Add(ScoringRow.From([.. before, .. ids], before.Count));
        return rows.Count - 1;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<int>> Read => rows.ConvertAll(one => one.Ids);

    /// <inheritdoc/>
    public override EvaluationResult Measure(IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        var scored = Scored(model, rows, options, progress, cancel);
        List<(int Pair, ScoredRow Better, ScoredRow Worse)> done =
        [
            .. places.Where(one => scored.ContainsKey(one.Better) && scored.ContainsKey(one.Worse))
                .Select(one => (one.Pair, scored[one.Better], scored[one.Worse])),
        ];
        return new(Measures(done), [.. done.Select(one => Told(one.Pair, one.Better, one.Worse))], done.Count == places.Count);
    }

    List<Measured> Measures(List<(int Pair, ScoredRow Better, ScoredRow Worse)> done)
    {
        if (done.Count == 0) return [];
        var sums = done.ConvertAll(one => (pairs[one.Pair].Phenomenon, one.Better.Sum, one.Worse.Sum));
        var means = done.ConvertAll(one => (Mean(one.Better), Mean(one.Worse)));
        List<Measured> measures =
        [
            new("accuracy", PairAccuracy.Of(sums.ConvertAll(one => (one.Item2, one.Item3))), done.Count, "pairs"),
            new("accuracy of means", PairAccuracy.Of(means), done.Count, "pairs"),
        ];
        if (sums.TrueForAll(one => one.Phenomenon.Length == 0)) return measures;
        var sizes = sums.CountBy(one => one.Phenomenon).ToDictionary();
        foreach (var (group, share) in PairAccuracy.ByGroup(sums))
            measures.Add(new("accuracy", share, sizes[group], "pairs") { Group = group });
        return measures;
    }

    static double Mean(ScoredRow row) => row.Sum / Math.Max(1, row.LogProbabilities.Length);

    EvaluatedRow Told(int pair, ScoredRow better, ScoredRow worse) => new(pair + 1, pairs[pair].Better)
    {
        References = [pairs[pair].Worse],
        Values = new Dictionary<string, double> { ["better"] = better.Sum, ["worse"] = worse.Sum },
    };
}
