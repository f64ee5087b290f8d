namespace Lowrank.Torch.Layers;

/// <summary>Multi-head attention after the projections, by the fastest road that the shapes have, there and back.</summary>
public static class Attention
{
    /// <summary>softmax(q kᵀ / √d) v per head. q (B, T, C), k and v (B, S, C') with C = heads·d, C' = keyHeads·d; gives (B, T,
    /// C).</summary>
    /// <remarks>
    /// Besides libtorch's kernel there is a road of products and a softmax, see <see cref="AttentionScript"/>; bfloat16 on a processor that
    /// multiplies it takes that one, gradients included. Neither keeps anything of size T x S for the way back but the mask, and the way
    /// back goes once. The products round their scores to the dtype before the softmax, as the formula written out does: in bfloat16 the
    /// answer is off by 0.4 % of its norm at scores of a spread of 1, by 1.2 % at 10, 2.5 % at 40, where the kernel stays at 0.2 %.
    /// </remarks>
    /// <param name="query">What asks, (B, T, C).</param>
    /// <param name="key">What is asked, (B, S, C').</param>
    /// <param name="value">What answers, (B, S, C').</param>
    /// <param name="heads">Number of heads; divides C.</param>
    /// <param name="mask">Added to the logits (float) or kept (bool), broadcast over (B, heads, T, S). A token that sees nothing is
    /// answered with 0.</param>
    /// <param name="causal">Whether a token sees only itself and those before it, in addition to the mask.</param>
    /// <param name="keyHeads">Heads of key and value where they are fewer (grouped-query attention, arXiv 2305.13245): consecutive heads
    /// share one. Divides heads, which is the default.</param>
    /// <exception cref="ShapeException">Sizes that do not fit each other.</exception>
    /// <exception cref="LowrankException">Query, key and value of several dtypes, or a mask of whole numbers.</exception>
    public static Tensor Run(
        Tensor query, Tensor key, Tensor value, long heads, Tensor? mask = null, bool causal = false, long? keyHeads = null)
    {
        long shared = keyHeads ?? heads;
        Check(query, key, value, heads, shared);
        if (mask is not null) AttentionMask.Check(mask, [query.shape[0], heads, query.shape[1], key.shape[1]]);
        bool canBeParted = mask is null && !causal && !WantsGradient(query, key, value);
        return canBeParted && RowsAtOnce(query, key) is { } rows
            ? ByRows(query, rows, part => ByOneRoad(part, key, value, heads, shared, null, false))
            : ByOneRoad(query, key, value, heads, shared, mask, causal);
    }

    // Sums and products of one native call, in which nobody looks whether to stop: seconds on two cores.
    const double MostAtOnce = 2e12;

    // Tokens that ask at a time; null for all of them.
    internal static long? RowsAtOnce(Tensor query, Tensor key)
    {
        const int Step = 256;
        var (batch, tokens, channels) = query.shape;
        double perRow = 4.0 * batch * key.shape[1] * channels;
        return perRow * tokens <= MostAtOnce ? null : Math.Max(Step, (long)(MostAtOnce / perRow) / Step * Step);
    }

    // What a token is told does not hang on the others that ask.
    internal static Tensor ByRows(Tensor query, long rows, Func<Tensor, Tensor> answer)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        for (long first = 0; first < query.shape[1]; first += rows)
        {
            StopSign.Heed();
            parts.Add(answer(query.narrow(1, first, Math.Min(rows, query.shape[1] - first))));
        }
        return scope.MoveToOuter(cat(parts, 1));
    }

    static Tensor ByOneRoad(
        Tensor query, Tensor key, Tensor value, long heads, long shared, Tensor? mask, bool causal)
    {
        bool products = !OwnRoads.AreClosed && mask?.requires_grad != true   // a trained mask gets its gradient from libtorch alone
            && AttentionPlan.IsFaster(query, key, heads, causal, WantsGradient(query, key, value));
        return products
            ? ByProducts(query, key, value, mask, AttentionPlan.Of(query, key, heads, shared, causal))
            : ByKernel(query, key, value, heads, shared, mask, causal);
    }

    /// <summary>The road of products and softmaxes.</summary>
    internal static Tensor ByProducts(Tensor query, Tensor key, Tensor value, Tensor? mask, AttentionPlan plan)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens, keys) = (query.shape[0], query.shape[1], key.shape[1]);
        Tensor? blind = null;
        if (mask is not null)
        {
            mask = AttentionMask.Added(mask, query.dtype);
            blind = AttentionMask.Blind(mask, tokens, keys, plan.Causal);
            if (blind is not null) mask = mask.masked_fill(blind, 0);   // what it sees instead is taken from its answer again
            mask = mask.expand(batch, plan.Heads, tokens, keys);
        }
        var answer = WantsGradient(query, key, value)
            ? AttentionFunction.apply(query, key, value, mask!, plan)
            : AloneByProducts(query, key, value, mask, plan);
        return scope.MoveToOuter(blind is null ? answer : AttentionMask.WithoutBlind(answer, blind, plan.Heads));
    }

    static Tensor AloneByProducts(Tensor query, Tensor key, Tensor value, Tensor? mask, AttentionPlan plan) =>
        mask is null && AttentionPass.Suits(query, plan)
            ? AttentionPass.Forward(query, key, value, plan)
            : AttentionScript.Forward(query, key, value, mask, plan);

    static Tensor ByKernel(Tensor query, Tensor key, Tensor value, long heads, long keyHeads, Tensor? mask, bool causal)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens, channels) = query.shape;
        if (mask is not null) mask = AttentionMask.Added(mask, query.dtype);
        if (causal && mask is not null)   // which libtorch does not take together
            (mask, causal) = (AttentionMask.WithCausal(mask, tokens, key.shape[1]), false);
        var answer = nn.functional.scaled_dot_product_attention(
            Split(query, heads), Shared(key), Shared(value), mask, is_casual: causal);
        return scope.MoveToOuter(answer.transpose(1, 2).reshape(batch, tokens, channels));

        Tensor Split(Tensor x, long parts) => x.view(batch, x.shape[1], parts, channels / heads).transpose(1, 2);   // (B, H, T, D)

        Tensor Shared(Tensor x) =>
            keyHeads == heads ? Split(x, heads) : Split(x, keyHeads).repeat_interleave(heads / keyHeads, dim: 1);
    }

    static bool WantsGradient(Tensor query, Tensor key, Tensor value) =>
        is_grad_enabled() && (query.requires_grad || key.requires_grad || value.requires_grad);

    static void Check(Tensor query, Tensor key, Tensor value, long heads, long keyHeads)
    {
        long[] q = query.shape, k = key.shape, v = value.shape;
        if (key.dtype != query.dtype || value.dtype != query.dtype)
            throw new LowrankException($"query, key and value are {query.dtype}, {key.dtype} and {value.dtype}: " +
                "attention takes them in one dtype");
        bool fits = q.Length == 3 && k.Length == 3 && v.SequenceEqual(k) && q[0] == k[0]
            && heads > 0 && keyHeads > 0 && heads % keyHeads == 0 && q[2] % heads == 0 && k[2] == q[2] / heads * keyHeads;
        if (!fits)
            throw new ShapeException($"query {q.Text()}, key {k.Text()} and value {v.Text()} do not fit each other with {heads} heads, " +
                $"{keyHeads} of key and value; they are (B, T, heads x d) and (B, S, key heads x d), and the key heads divide the heads");
    }
}
