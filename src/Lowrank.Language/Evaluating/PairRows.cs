namespace Lowrank.Language;

/// <summary>Pairs of texts, of which the better is to have the higher probability.</summary>
/// <param name="pairs">The pairs, in the file's order.</param>
public sealed class PairRows(IReadOnlyList<TextPair> pairs) : TextedData
{
    /// <summary>The pairs.</summary>
    public IReadOnlyList<TextPair> Pairs => pairs;

    /// <inheritdoc/>
    public override int Count => pairs.Count;

    /// <inheritdoc/>
    public override EvaluationData First(int count) => Of([.. pairs.Take(count)]);

    /// <inheritdoc/>
    public override Evaluator For(LanguageModel model, EvaluationOptions options) => new PairEvaluator(this, model, options);

    internal static PairRows Read(DataFile file) => Of([.. file.Rows!.Select(PairData.Pair)]);

    static PairRows Of(IReadOnlyList<TextPair> pairs)
    {
        int[] same = [.. pairs.Index().Where(pair => pair.Item.Better == pair.Item.Worse).Select(pair => pair.Index + 1)];
        string[] notes = same.Length == 0 ? [] : [$"Rows whose two texts are the same count as wrong: {string.Join(", ", same)}."];
        return new(pairs) { Notes = notes };
    }
}
