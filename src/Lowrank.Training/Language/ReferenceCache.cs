namespace Lowrank.Training;

/// <summary>Batches that bring what the reference holds of their rows, asked once before the first step.</summary>
/// <remarks>Asked in the batches of the first pass, so that its numbers are those that the steps would have asked for, to the last
/// bit.</remarks>
/// <param name="batches">The batches.</param>
/// <param name="items">Which of the data's items a batch holds, in order; its rows are theirs, once or several times over.</param>
sealed class ReferenceCache(ILanguageBatches batches, Func<long, IReadOnlyList<int>> items) : ILanguageBatches
{
    // By item, and by which of the item's rows.
    readonly Dictionary<(int, int), float[]> own = [];

    // By the item of the prompt, and by that of the answer: what lies beside a row in a later pass is asked then.
    readonly Dictionary<(int, int), float[]> mismatched = [];

    public int PerEpoch => batches.PerEpoch;

    public LanguageExamples this[long number]
    {
        get
        {
            var examples = batches[number];
            var taken = items(number);
            return examples with
            {
                Reference = Placed(own, Own(taken, examples.Rows), examples.Rows),
                MismatchedReference = examples.Mismatched is { } others ? Placed(mismatched, Crossed(taken), others) : null,
            };
        }
    }

    public double CountedTokens(long number) => batches.CountedTokens(number);

    /// <summary>Asks the reference of all rows.</summary>
    /// <param name="task">Knows the reference.</param>
    /// <param name="told">Told how many batches of how many are done.</param>
    /// <param name="cancel">Looked at between batches.</param>
    public void Fill(LanguageTrainingTask task, Action<int, int> told, CancellationToken cancel)
    {
        for (int number = 0; number < PerEpoch; number++)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var examples = task.Placed(batches[number]);
            var taken = items(number);
            Keep(own, Own(taken, examples.Rows), task.ReferenceOf(examples.Rows));
            if (examples.Mismatched is { } others) Keep(mismatched, Crossed(taken), task.ReferenceOf(others));
            told(number + 1, PerEpoch);
        }
    }

    static (int, int)[] Own(IReadOnlyList<int> taken, LanguageBatch rows) =>
        [.. Enumerable.Range(0, (int)rows.Ids.shape[0]).Select(row => (taken[row % taken.Count], row / taken.Count))];

    static (int, int)[] Crossed(IReadOnlyList<int> taken) =>
        [.. taken.Select((item, at) => (item, taken[(at + taken.Count - 1) % taken.Count]))];

    static void Keep(Dictionary<(int, int), float[]> kept, (int, int)[] keys, Tensor values)
    {
        var rows = values.to(ScalarType.Float32).cpu();   // (B, T − 1)
        foreach (var (row, key) in keys.Index()) kept[key] = rows[row].data<float>().ToArray();
    }

    // As wide as this batch, whichever it was asked in: what is beyond a row's end counts nothing.
    static Tensor? Placed(Dictionary<(int, int), float[]> kept, (int, int)[] keys, LanguageBatch rows)
    {
        if (!keys.All(kept.ContainsKey)) return null;
        int width = (int)rows.Ids.shape[1] - 1;
        float[] placed = new float[keys.Length * width];
        foreach (var (row, key) in keys.Index())
        {
            var values = kept[key].AsSpan();
            values[..Math.Min(values.Length, width)].CopyTo(placed.AsSpan(row * width));
        }
        return tensor(placed, device: CPU).view(keys.Length, width).to(rows.Ids.device);
    }
}
