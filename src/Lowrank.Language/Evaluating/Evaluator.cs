namespace Lowrank.Language;

/// <summary>Measures one model on one set of rows, as often as its adapters are switched.</summary>
public abstract class Evaluator
{
    /// <summary>What the user should know of rows and prompts, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; protected init; } = [];

    /// <summary>The tokens that the model is given of each row, or of each part of one, before it writes anything; none where no model
    /// writes.</summary>
    public virtual IReadOnlyList<IReadOnlyList<int>> Read => [];

    /// <summary>Measures the model as it is now.</summary>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="cancel">Ends it with what is measured.</param>
    /// <exception cref="LowrankException">A row does not fit the model.</exception>
    public abstract EvaluationResult Measure(IProgress<double>? progress = null, CancellationToken cancel = default);

    /// <summary>Scores rows until all are done or it is to end.</summary>
    /// <returns>Those that are scored, by their numbers.</returns>
    private protected static SortedDictionary<int, ScoredRow> Scored(
        LanguageModel model, IReadOnlyList<ScoringRow> rows, EvaluationOptions options, IProgress<double>? progress,
        CancellationToken cancel)
    {
        var scored = new SortedDictionary<int, ScoredRow>();
        double done = 0, all = rows.Sum(row => (double)row.Ids.Count);
        if (cancel.IsCancellationRequested) return scored;
        foreach (var row in new RowScorer(model.Network) { RowsAtOnce = options.Batch }.Score(rows))
        {
            scored[row.Row] = row;
            done += rows[row.Row].Ids.Count;
            progress?.Report(done / all);
            if (cancel.IsCancellationRequested) break;
        }
        return scored;
    }

    /// <summary>Perplexity and what goes with it; empty where no token was scored.</summary>
    private protected static IReadOnlyList<Measured> OfTokens(IReadOnlyCollection<ScoredRow> rows)
    {
        var perplexity = new Perplexity();
        foreach (var row in rows) perplexity.Add(row.LogProbabilities);
        long tokens = perplexity.Tokens;
        if (tokens == 0) return [];
        double right = (double)rows.Sum(row => row.Likeliest) / tokens;
        return
        [
            new("perplexity", perplexity.Value, tokens, "tokens") { LowerIsBetter = true },
            new("loss", perplexity.Loss, tokens, "tokens") { LowerIsBetter = true },
            new("token accuracy", right, tokens, "tokens"),
        ];
    }
}
