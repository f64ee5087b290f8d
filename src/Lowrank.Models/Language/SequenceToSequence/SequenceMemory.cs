namespace Lowrank.Models;

/// <summary>What a decoder looks back at: the encoder's states, and with a cache the keys and values that its layers made of
/// them.</summary>
public sealed class SequenceMemory : IDisposable
{
    readonly Dictionary<int, (Tensor Keys, Tensor Values)> kept = [];
    Tensor? mask, sight;

    /// <summary>States of an encoder.</summary>
    /// <param name="hidden">The states (B, S, C); they stay the caller's.</param>
    /// <param name="mask">1 at real tokens, (B, S); null: all are.</param>
    public SequenceMemory(Tensor hidden, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        if (mask is not null && !mask.shape.AsSpan().SequenceEqual(hidden.shape.AsSpan(0, 2)))
            throw new ShapeException($"a mask of shape {mask.shape.Text()} does not fit states of {hidden.shape.Text()}");
        Hidden = hidden.alias().DetachFromDisposeScope();
        this.mask = mask?.ne(0).DetachFromDisposeScope();
    }

    /// <summary>The states (B, S, C).</summary>
    public Tensor Hidden { get; private set; }

    /// <summary>Keys and values (B, S, H, D) that a layer of the decoder made, where it ran with a cache; else null.</summary>
    public (Tensor Keys, Tensor Values)? Kept(int layer) => kept.TryGetValue(layer, out var held) ? held : null;

    internal void Keep(int layer, Tensor keys, Tensor values) =>
        kept[layer] = (keys.alias().DetachFromDisposeScope(), values.alias().DetachFromDisposeScope());

    /// <summary>Added to the scores, (B, 1, 1, S); null where all is seen.</summary>
    internal Tensor? Sight(ScalarType dtype)
    {
        if (mask is null || sight is { } made && made.dtype == dtype) return sight;
        sight?.Dispose();
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var added = UnseenKeys.Added(mask, dtype);
        return sight = added.unsqueeze(1).unsqueeze(1).DetachFromDisposeScope();
    }

    /// <summary>Puts rows in place of others: row i is then what row rows[i] was, for searches along several beams.</summary>
    /// <param name="rows">(B'), int64.</param>
    public void Reorder(Tensor rows)
    {
        Hidden = Moved(Hidden, rows);
        if (mask is not null) mask = Moved(mask, rows);
        sight?.Dispose();
        sight = null;
        foreach (var (layer, held) in kept.ToList()) kept[layer] = (Moved(held.Keys, rows), Moved(held.Values, rows));
    }

    static Tensor Moved(Tensor held, Tensor rows)
    {
        var moved = held.index_select(0, rows).DetachFromDisposeScope();
        held.Dispose();
        return moved;
    }

    /// <summary>Frees it.</summary>
    public void Dispose()
    {
        Hidden.Dispose();
        mask?.Dispose();
        sight?.Dispose();
        foreach (var (keys, values) in kept.Values)
        {
            keys.Dispose();
            values.Dispose();
        }
        kept.Clear();
    }
}
