namespace Lowrank.Models;

/// <summary>An input with the virtual tokens that stand in front of its rows.</summary>
/// <remarks>
/// Callers speak of their own tokens: masks, positions and types are widened here. Once a cache holds the virtual tokens, only the mask and
/// the positions tell of them.
/// </remarks>
sealed class PromptedInput : IDisposable
{
    readonly KeyValueCache? own;

    PromptedInput(LanguageInput input, long added, KeyValueCache? own = null) => (Input, Added, this.own) = (input, added, own);

    /// <summary>The input as the body is given it.</summary>
    public LanguageInput Input { get; }

    /// <summary>How many states stand before those of the caller's tokens.</summary>
    public long Added { get; }

    /// <summary>An input with virtual tokens; itself without.</summary>
    /// <param name="input">The caller's.</param>
    /// <param name="virtuals">The virtual tokens.</param>
    /// <param name="vectors">Makes vectors of ids.</param>
    /// <param name="layers">How many layers keep keys.</param>
    /// <exception cref="LowrankException">Rows of several documents, in which nobody knows where a prompt belongs.</exception>
    public static PromptedInput Of(LanguageInput input, VirtualTokens? virtuals, Func<LanguageInput, Tensor> vectors, int layers)
    {
        if (virtuals is null) return new(input, 0);
        InputShapes.Check(WithoutVirtual(input, virtuals));
        if (input.Documents is not null)
            throw new LowrankException("the rows hold several documents each, and an adapter's virtual tokens stand before a row: " +
                "give each document a row of its own, or take the adapter off");
        bool isFirst = input.Cache is null or { Length: 0 };
        var widened = input with
        {
            Mask = input.Mask is { } mask ? cat([ones([mask.shape[0], virtuals.Count], mask.dtype, mask.device), mask], 1) : null,
            Positions = input.Positions is { } places ? places + virtuals.Count : null,
        };
        if (!isFirst) return new(widened, 0);
        var tokens = vectors(input);
        return virtuals.Embeddings is { } front ? InFront(widened, front, tokens) : Before(widened, virtuals, tokens.dtype, layers);
    }

    // A caller's mask knows nothing of the virtual tokens in a cache.
    static LanguageInput WithoutVirtual(LanguageInput input, VirtualTokens virtuals)
    {
        bool isCounted = input.Cache is { Length: > 0 } && input.Mask is not null;
        return isCounted ? input with { Mask = cat([input.Mask!.narrow(1, 0, 1).expand(-1, virtuals.Count), input.Mask!], 1) } : input;
    }

    static PromptedInput InFront(LanguageInput input, Tensor front, Tensor tokens)
    {
        var (rows, width) = (tokens.shape[0], tokens.shape[2]);
        long count = front.shape[0];
        var ids = full([rows, count], -1, input.Ids.dtype, input.Ids.device);
        var places = arange(count, ScalarType.Int64, input.Ids.device).unsqueeze(0).expand(rows, count);
        return new(input with
        {
            Ids = cat([ids, input.Ids], 1),
            Embeddings = cat([front.to(tokens.dtype).unsqueeze(0).expand(rows, count, width), tokens], 1),
            Positions = input.Positions is { } own ? cat([places, own], 1) : null,
            Types = input.Types is { } types ? cat([zeros([rows, count], types.dtype, types.device), types], 1) : null,
        }, count);
    }

    static PromptedInput Before(LanguageInput input, VirtualTokens virtuals, ScalarType dtype, int layers)
    {
        long rows = input.Ids.shape[0];
        var prefix = virtuals.Prefix
            .Select(layer => (Keys: Rows(layer.Keys, rows, dtype), Values: Rows(layer.Values, rows, dtype))).ToList();
        if (input.Cache is { } given)
        {
            foreach (var (layer, held) in given.Layers.Zip(prefix)) layer.Append(held.Keys, held.Values);
            given.Begin(virtuals.Count);
            return new(input, 0);
        }
        var recorded = KeyValueCache.Recorded(prefix, layers);
        return new(input with { Cache = recorded }, 0, recorded);
    }

    static Tensor Rows(Tensor held, long rows, ScalarType dtype) => held.to(dtype).unsqueeze(0).expand(rows, -1, -1, -1);

    /// <summary>States without those of the virtual tokens.</summary>
    public Tensor Own(Tensor states) => Added == 0 ? states : states.narrow(1, Added, states.shape[1] - Added);

    /// <inheritdoc/>
    public void Dispose() => own?.Dispose();
}
