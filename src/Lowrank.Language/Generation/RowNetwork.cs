using System.Runtime.InteropServices;

namespace Lowrank.Language;

/// <summary>A network that goes on with a batch of rows, from the cache of what it has seen of them.</summary>
sealed class RowNetwork : IDisposable
{
    readonly CausalModel network;
    readonly PromptCache? kept;
    readonly string? adapter;
    readonly KeyValueCache? own;
    bool isWhole = true;   // no pass broke off
    Tensor? mask;   // (rows, tokens so far): 0 where a shorter prompt was filled up; null where none was

    /// <summary>A network that has seen nothing.</summary>
    public RowNetwork(LanguageModel model) => (network, own) = (model.Network, model.Network.NewCache());

    /// <summary>A network that goes on with one row from what was kept, and keeps what it reads.</summary>
    /// <exception cref="LowrankException">What was kept is in use.</exception>
    public RowNetwork(PromptCache kept, string? adapter)
    {
        (network, this.kept, this.adapter) = (kept.Model.Network, kept, adapter);
        kept.Take(adapter);
    }

    /// <summary>Ends a pass between two layers, by an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>How many tokens of a single prompt need not be read.</summary>
    public int Held { get; private set; }

    Device Device => network.Tokens.Weight.Device;

    /// <summary>Reads prompts of any lengths; shorter ones are filled up in front.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <param name="taker">Is given the logits of what follows, a row behind the other; it may write into them.</param>
    public void Read(IReadOnlyList<IReadOnlyList<int>> prompts, SpanAction taker)
    {
        if (kept is not null)
        {
            Held = kept.Keep(prompts[0]);
            Go([.. prompts[0].Skip(Held).Select(id => (long)id)], 1, taker);
            return;
        }
        int length = prompts.Max(prompt => prompt.Count);
        long[] ids = new long[prompts.Count * length], real = new long[ids.Length];
        foreach (var (row, prompt) in prompts.Index())
            for (int at = 0, to = (row + 1) * length - prompt.Count; at < prompt.Count; at++, to++)
                (ids[to], real[to]) = (prompt[at], 1);
        if (real.Contains(0)) mask = Placed(real, prompts.Count).DetachFromDisposeScope();
        Go(ids, prompts.Count, taker);
    }

    /// <summary>Goes on by a token in each row.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="taker">As of <see cref="Read"/>.</param>
    public void Go(IReadOnlyList<int> tokens, SpanAction taker)
    {
        if (mask is not null)
        {
            using var scope = NewDisposeScope();
            Replace(cat([mask, ones([tokens.Count, 1], ScalarType.Int64, Device)], 1));
        }
        Go([.. tokens.Select(token => (long)token)], tokens.Count, taker);
    }

    /// <summary>Puts rows in the place of others: row i is then what row rows[i] was. Those that are not named are forgotten.</summary>
    public void Choose(IReadOnlyList<int> rows)
    {
        using var scope = NewDisposeScope();
        var chosen = tensor([.. rows.Select(row => (long)row)], ScalarType.Int64, Device);
        own!.Reorder(chosen);
        if (mask is not null) Replace(mask.index_select(0, chosen));
    }

    void Replace(Tensor other)
    {
        mask!.Dispose();
        mask = other.DetachFromDisposeScope();
    }

    Tensor Placed(long[] values, int rows) => tensor(values, [rows, values.Length / rows], ScalarType.Int64, Device);

    void Go(long[] ids, int rows, SpanAction taker)
    {
        using var scope = NewDisposeScope();
        isWhole = false;
        var hidden = network.Run(new(Placed(ids, rows)) { Mask = mask, Cache = own ?? kept!.Keys, Cancel = Cancel }).Hidden;
        isWhole = true;
        kept?.Add(ids);
        var logits = network.Logits(hidden.narrow(1, hidden.shape[1] - 1, 1)).to(ScalarType.Float32).cpu().contiguous();
        taker(MemoryMarshal.Cast<byte, float>(logits.bytes));
    }

    /// <summary>Takes logits, and may write into them.</summary>
    public delegate void SpanAction(Span<float> logits);

    /// <inheritdoc/>
    public void Dispose()
    {
        own?.Dispose();
        kept?.Return(adapter, isWhole);
        mask?.Dispose();
    }
}
