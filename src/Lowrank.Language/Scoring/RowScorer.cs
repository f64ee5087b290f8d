namespace Lowrank.Language;

/// <summary>Log-probabilities that a model gives to the tokens of texts that are there.</summary>
/// <remarks>
/// Rows go in batches of like length, the longest first, filled up behind their end, where no token that counts looks: each row's numbers
/// are those that it has alone. Logits are made for the tokens that count alone, and of these for so many at once as need 64 MB, whatever
/// the size of the vocabulary. Nothing is recorded for a backward pass.
/// </remarks>
/// <param name="network">The model.</param>
/// <example><code>
/// var scorer = new RowScorer(model.Network);
/// foreach (var row in scorer.Score([ScoringRow.From(model.Prompt("A fox sleeps."))])) Console.WriteLine(row.Sum);
/// </code></example>
public sealed class RowScorer(CausalModel network)
{
    // float32
    const long LogitsAtOnce = 1 << 24;

    /// <summary>Rows of a pass at most: 1 or more. Default 16.</summary>
    public int RowsAtOnce { get; init; } = 16;

    /// <summary>Tokens of a pass at most, filling included; a row that is longer goes alone. Default 4096.</summary>
    public int TokensAtOnce { get; init; } = 4096;

    /// <summary>Scores rows, a batch at a time: whoever stops asking has those that are done.</summary>
    /// <param name="rows">The rows.</param>
    /// <returns>Each row once, the longest first.</returns>
    /// <exception cref="LowrankException">A row is longer than the model's context, has a token that it does not know, or counts one that
    /// is not there.</exception>
    public IEnumerable<ScoredRow> Score(IReadOnlyList<ScoringRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var (number, row) in rows.Index()) Check(number, row);
        return Batches(rows).SelectMany(batch => Batch(rows, batch));
    }

    void Check(int number, ScoringRow row)
    {
        var config = network.Config;
        if (row.Ids.Count > config.MaxPositions)
            throw new LowrankException($"row {number + 1} has {row.Ids.Count} tokens, and the model reads {config.MaxPositions} at most. " +
                "Cut it, or read it by windows.");
        foreach (int id in row.Ids)
            if (id < 0 || id >= config.VocabularySize)
                throw new LowrankException($"row {number + 1} has the token {id}, and the network knows {config.VocabularySize}. " +
                    "Is the tokenizer another model's?");
        foreach (int place in row.Counted)
            if (place < 1 || place >= row.Ids.Count)
                throw new LowrankException($"row {number + 1} counts token {place} (from 0), and can count 1 to {row.Ids.Count - 1}.");
    }

    IEnumerable<List<int>> Batches(IReadOnlyList<ScoringRow> rows)
    {
        var batch = new List<int>();
        foreach (int next in Enumerable.Range(0, rows.Count).OrderByDescending(row => rows[row].Ids.Count))
        {
            bool isFull = batch.Count == RowsAtOnce || batch.Count > 0 && (batch.Count + 1L) * rows[batch[0]].Ids.Count > TokensAtOnce;
            if (isFull)
            {
                yield return batch;
                batch = [];
            }
            batch.Add(next);
        }
        if (batch.Count > 0) yield return batch;
    }

    List<ScoredRow> Batch(IReadOnlyList<ScoringRow> rows, List<int> batch)
    {
        List<(int Row, int Token, int Target)> counted =
        [
            .. batch.Index().SelectMany(one => rows[one.Item].Counted.Select(place => (one.Index, place - 1, rows[one.Item].Ids[place]))),
        ];
        var (told, isLikeliest) = counted.Count == 0 ? ([], []) : Told(rows, batch, counted);
        var scored = new List<ScoredRow>(batch.Count);
        int at = 0;
        foreach (int row in batch)
        {
            int count = rows[row].Counted.Count;
            scored.Add(new(row, told[at..(at + count)], isLikeliest[at..(at + count)].Count(hit => hit)));
            at += count;
        }
        return scored;
    }

    (float[] LogProbabilities, bool[] IsLikeliest) Told(
        IReadOnlyList<ScoringRow> rows, List<int> batch, List<(int Row, int Token, int Target)> counted)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        int tokens = rows[batch[0]].Ids.Count - 1;   // nothing is told by the last
        long[] ids = new long[batch.Count * tokens];
        foreach (var (place, row) in batch.Index())
            for (int at = 0; at < Math.Min(tokens, rows[row].Ids.Count); at++) ids[place * tokens + at] = rows[row].Ids[at];
        var device = network.Tokens.Weight.Device;
        var hidden = network.Run(new(tensor(ids, [batch.Count, tokens], ScalarType.Int64, device))).Hidden;
        var places = tensor([.. counted.Select(one => (long)one.Row * tokens + one.Token)], ScalarType.Int64, device);
        var telling = hidden.reshape(-1, hidden.shape[^1]).index_select(0, places);   // (counted, C)
        var targets = tensor([.. counted.Select(one => (long)one.Target)], ScalarType.Int64, device).unsqueeze(1);
        return Told(telling, targets);
    }

    (float[] LogProbabilities, bool[] IsLikeliest) Told(Tensor telling, Tensor targets)
    {
        long all = telling.shape[0], most = Math.Max(1, LogitsAtOnce / network.Config.VocabularySize);
        var told = new List<float>((int)all);
        var isLikeliest = new List<bool>((int)all);
        for (long first = 0; first < all; first += most)
        {
            using var scope = NewDisposeScope();
            long count = Math.Min(most, all - first);
            var logits = network.Logits(telling.narrow(0, first, count)).to(ScalarType.Float32);   // (count, vocabulary)
            var target = targets.narrow(0, first, count);
            told.AddRange((logits.gather(1, target).squeeze(1) - logits.logsumexp(1)).cpu().data<float>());
            isLikeliest.AddRange(logits.argmax(1).eq(target.squeeze(1)).cpu().data<bool>());
        }
        return ([.. told], [.. isLikeliest]);
    }
}
