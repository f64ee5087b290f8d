namespace Lowrank.Models;

/// <summary>What the layers of one forward pass share: positions, angles, masks, the cache.</summary>
sealed class Pass : IDisposable
{
    readonly Tensor? mask, documents;
    readonly Dictionary<Rope, Rotation> rotations = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<(int? Window, bool Causal, bool Whole), Sight> sights = [];
    readonly long tokens;
    readonly Device device;

    /// <summary>A pass over an input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="dtype">In which the model computes.</param>
    /// <exception cref="ShapeException">Parts of the input that do not fit each other.</exception>
    public Pass(LanguageInput input, ScalarType dtype)
    {
        InputShapes.Check(input);
        Dtype = dtype;
        Cache = input.Cache;
        Seen = input.Cache?.Length ?? 0;
        tokens = input.Ids.shape[1];
        device = input.Ids.device;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        mask = input.Mask is { } given && !given.ne(0).all().ToBoolean() ? given.ne(0).DetachFromDisposeScope() : null;
        documents = input.Documents?.alias().DetachFromDisposeScope();
        Positions = (input.Positions?.alias() ?? Counted()).DetachFromDisposeScope();
        Routers = input.KeepsRouters ? [] : null;
    }

    Pass(Pass first, Tensor[] given)
    {
        (Dtype, tokens, device) = (first.Dtype, first.tokens, first.device);
        Positions = given[0].alias().DetachFromDisposeScope();
        mask = first.mask is null ? null : given[1].alias().DetachFromDisposeScope();
        documents = first.documents is null ? null : given[^1].alias().DetachFromDisposeScope();
    }

    /// <summary>The tensors that tell of its rows, for <see cref="Again"/>.</summary>
    public Tensor[] Given => [.. new[] { Positions, mask, documents }.OfType<Tensor>()];

    /// <summary>A pass over the same rows, without a cache, for a layer that is computed a second time.</summary>
    /// <param name="given">What <see cref="Given"/> was.</param>
    public Pass Again(Tensor[] given) => new(this, given);

    /// <summary>In which dtype the model computes.</summary>
    public ScalarType Dtype { get; }

    /// <summary>Positions (B or 1, T).</summary>
    public Tensor Positions { get; }

    /// <summary>Keys and values of the tokens before; null without any.</summary>
    public KeyValueCache? Cache { get; }

    /// <summary>How many tokens went before, pads included.</summary>
    public long Seen { get; }

    /// <summary>Which of all tokens are real, (B, S) of bool; null where all are.</summary>
    public Tensor? Mask => mask;

    /// <summary>What routers said; null where nobody asks.</summary>
    public List<Tensor>? Routers { get; }

    // Real tokens are counted; a pad has the position of the real token before it.
    Tensor Counted()
    {
        if (mask is null) return arange(Seen, Seen + tokens, ScalarType.Int64, device).unsqueeze(0);
        return (mask.to(ScalarType.Int64).cumsum(1) - 1).clamp(min: 0).narrow(1, mask.shape[1] - tokens, tokens);
    }

    /// <summary>The angles by which heads are turned: made once, shared by all layers.</summary>
    public Rotation Rotation(Rope rope)
    {
        if (rotations.TryGetValue(rope, out var known)) return known;
        return rotations[rope] = rope.At(Positions).Detached();
    }

    /// <summary>Which keys are seen: made once for all layers of a window.</summary>
    /// <param name="window">How far a token sees: itself and so many less one before it, or so many on either side; null for all.</param>
    /// <param name="causal">Whether it sees only itself and those before it.</param>
    /// <param name="whole">Whether a mask is made even where "causal" says all.</param>
    public Sight Sight(int? window, bool causal = true, bool whole = false)
    {
        if (sights.TryGetValue((window, causal, whole), out var known)) return known;
        return sights[(window, causal, whole)] = Look(window, causal, whole);
    }

    Sight Look(int? window, bool causal, bool whole)
    {
        long keys = Cache?.Visible(window, tokens) ?? tokens;
        bool cuts = window is { } size && (causal ? keys > size : tokens > size + 1 || Seen > 0);
        bool isOne = tokens == 1 && causal;   // sees all that is kept
        bool isPlain = mask is null && documents is null && !cuts;
        if (isPlain && (isOne || !causal)) return new(null, false);
        if (isPlain && keys == tokens && !whole) return new(null, true);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var visible = Near(window, causal, keys);   // (1, T, S)
        if (mask is not null) visible = visible.logical_and(mask.narrow(1, mask.shape[1] - keys, keys).unsqueeze(1));
        if (documents is not null) visible = visible.logical_and(documents.unsqueeze(2).eq(documents.unsqueeze(1)));
        var added = UnseenKeys.Added(visible, Dtype).unsqueeze(1);
        return new(added.DetachFromDisposeScope(), false);
    }

    Tensor Near(int? window, bool causal, long keys)
    {
        long all = Seen + tokens;
        var asking = arange(Seen, all, ScalarType.Int64, device).unsqueeze(1);
        var asked = arange(all - keys, all, ScalarType.Int64, device).unsqueeze(0);
        var back = asking - asked;   // (T, S): how far back a key lies
        var near = causal ? back.ge(0) : back.abs().ge(0);
        if (window is { } size) near = near.logical_and(causal ? back.lt(size) : back.abs().le(size));
        return near.unsqueeze(0);
    }

    /// <summary>Frees what was made for the pass.</summary>
    public void Dispose()
    {
        mask?.Dispose();
        documents?.Dispose();
        Positions.Dispose();
        foreach (var rotation in rotations.Values) rotation.Dispose();
        foreach (var router in Routers ?? []) router.Dispose();
        foreach (var sight in sights.Values) sight.Mask?.Dispose();
    }
}
