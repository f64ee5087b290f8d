namespace Lowrank.Models;

/// <summary>
/// Keys and values of the tokens that a model has seen, so that the next ones are computed alone. One batch of rows; the model adds to it.
/// </summary>
/// <example><code>
/// using var cache = model.NewCache();
/// model.Run(new(prompt) { Cache = cache });
/// model.Run(new(next) { Cache = cache });   // sees the prompt
/// </code></example>
public sealed class KeyValueCache : IDisposable
{
    readonly int?[] windows;
    Tensor? seen;   // ids

    KeyValueCache(int?[] windows, IReadOnlyList<LayerCache> layers) => (this.windows, Layers) = (windows, layers);

    /// <summary>An empty cache: all tokens of layers without a window, the last ones of those with one.</summary>
    /// <param name="windows">How far back each layer sees, in tokens with the own one; null for all.</param>
    internal static KeyValueCache Empty(int?[] windows) =>
        new(windows, [.. windows.Select(window => window is { } size ? (LayerCache)new SlidingLayerCache(size) : new FullLayerCache())]);

    /// <summary>
    /// A cache that begins with learnt keys and values and keeps what is computed: gradients flow to them, and from later tokens to
    /// earlier ones.
    /// </summary>
    /// <param name="prefix">Keys and values of each layer, (B, prefix, key heads, D), after rotation; none for an empty beginning.</param>
    /// <param name="layers">How many layers the model has.</param>
    public static KeyValueCache Recorded(IReadOnlyList<(Tensor Keys, Tensor Values)> prefix, int layers)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Count != 0 && prefix.Count != layers)
            throw new LowrankException($"a prefix has keys and values for {prefix.Count} layers, and the model has {layers} layers.");
        LayerCache[] caches = prefix.Count == 0
            ? [.. Enumerable.Range(0, layers).Select(_ => new PrefixLayerCache())]
            : [.. prefix.Select(layer => new PrefixLayerCache(layer.Keys, layer.Values))];
        return new(new int?[layers], caches) { Length = prefix.Count == 0 ? 0 : prefix[0].Keys.shape[1] };
    }

    /// <summary>One a layer.</summary>
    public IReadOnlyList<LayerCache> Layers { get; }

    /// <summary>How many tokens of each row the model has seen, pads included.</summary>
    public long Length { get; private set; }

    /// <summary>How many keys a layer of that window will see with so many new tokens.</summary>
    internal long Visible(int? window, long tokens)
    {
        bool slides = window is not null && Array.IndexOf(windows, window) >= 0;
        return (slides ? Math.Min(Length, window!.Value - 1) : Length) + tokens;
    }

    /// <summary>Keys of so many virtual tokens were put into every layer of an empty cache.</summary>
    internal void Begin(long count) => Length = count;

    /// <summary>Throws where a pass that broke off has left its tokens in some of the layers.</summary>
    /// <exception cref="ShapeException">It has.</exception>
    internal void RequireWhole()
    {
        foreach (var layer in Layers)
            if (layer.Seen is { } seen && seen != Length) throw BrokenOff(seen, Length);
    }

    internal static ShapeException BrokenOff(long held, long read) => new(
        $"a layer's cache holds {held} tokens, and {read} were read: a pass broke off between its layers. Read everything anew into a " +
        "new cache.");

    /// <summary>A pass has added its tokens to every layer.</summary>
    /// <param name="ids">Those of all tokens, as of <see cref="WithSeen"/>.</param>
    internal void Advance(Tensor ids)
    {
        seen?.Dispose();
        seen = ids.alias().DetachFromDisposeScope();
        Length = ids.shape[1];
    }

    /// <summary>The ids of all tokens, with new ones: (B, tokens). What was recorded before any token has −1.</summary>
    /// <returns>They belong to the caller's scope.</returns>
    /// <exception cref="ShapeException">They are of another number of rows.</exception>
    internal Tensor WithSeen(Tensor ids)
    {
        using var grad = no_grad();
        if (Length == 0) return ids.alias();
        if (seen is not null && seen.shape[0] != ids.shape[0])
            throw new ShapeException($"the cache holds {seen.shape[0]} rows, and {ids.shape[0]} are to go on from it. Take a new cache " +
                "for other rows.");
        var before = seen ?? full([ids.shape[0], Length], -1, ids.dtype, ids.device);
        return cat([before, ids], 1);
    }

    /// <summary>Puts rows in place of others: row i is then what row rows[i] was.</summary>
    /// <param name="rows">(B'), int64.</param>
    public void Reorder(Tensor rows)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var layer in Layers) layer.Reorder(rows);
        seen = FullLayerCache.Reordered(seen, rows);
    }

    /// <summary>Forgets all but the first tokens.</summary>
    /// <param name="length">How many stay.</param>
    /// <returns>Whether that could be done; layers that slide have forgotten what they would need, and the cache is left as it
    /// was.</returns>
    public bool Cut(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length >= Length) return true;
        bool holdsAll = windows.All(window => window is not { } size || Length <= size - 1 || length == 0);
        if (!holdsAll) return false;
        foreach (var layer in Layers) layer.Cut(length, Length - length);
        var kept = seen?.narrow(1, 0, length).DetachFromDisposeScope();
        seen?.Dispose();
        (seen, Length) = (kept, length);
        return true;
    }

    /// <summary>Frees it.</summary>
    public void Dispose()
    {
        foreach (var layer in Layers) layer.Dispose();
        seen?.Dispose();
    }
}
