namespace Lowrank.Torch.Layers;

/// <summary>What attention does with masks.</summary>
static class AttentionMask
{
    /// <summary>Whether it broadcasts over (B, heads, T, S).</summary>
    /// <exception cref="ShapeException">It does not.</exception>
    /// <exception cref="LowrankException">It is of whole numbers.</exception>
    public static void Check(Tensor mask, long[] scores)
    {
        long[] shape = mask.shape;
        bool fits = shape.Length <= 4 && shape.Zip(scores[(4 - shape.Length)..]).All(axis => axis.First == 1 || axis.First == axis.Second);
        if (mask.dtype != ScalarType.Bool && !mask.is_floating_point())
            throw new LowrankException($"a mask is {mask.dtype}, and is bool (what is seen) or floating point (what is added)");
        if (!fits) throw new ShapeException($"a mask {shape.Text()} does not broadcast over (batch, heads, tokens, keys) {scores.Text()}");
    }

    /// <summary>The mask as what is added to the scores: 0 where a token is seen, -∞ where not; with at least four axes.</summary>
    public static Tensor Added(Tensor mask, ScalarType dtype)
    {
        var added = mask.dtype == ScalarType.Bool
            ? zeros(mask.shape, dtype, mask.device).masked_fill_(mask.logical_not(), double.NegativeInfinity)
            : Narrowed(mask, dtype);
        while (added.dim() < 4) added = added.unsqueeze(0);
        return added;
    }

    // The lowest number of a wide dtype, which many masks hold, is no infinity in a narrow one: a token that sees nothing else sees it.
    static Tensor Narrowed(Tensor mask, ScalarType dtype) =>
        mask.dtype == dtype ? mask : mask.clamp(min: Lowest(dtype)).to(dtype).masked_fill(mask.isneginf(), double.NegativeInfinity);

    static Scalar Lowest(ScalarType dtype) => -(dtype switch
    {
        ScalarType.Float16 => 65504,
        ScalarType.BFloat16 => 3.38953139e38,
        _ => float.MaxValue,
    });

    /// <summary>A mask with what causal attention hides besides.</summary>
    public static Tensor WithCausal(Tensor added, long tokens, long keys) =>
        added.masked_fill(Hidden(tokens, keys, added), double.NegativeInfinity);

    /// <summary>Which tokens see nothing, (B or 1, heads or 1, T or 1, 1); null where each sees something.</summary>
    public static Tensor? Blind(Tensor added, long tokens, long keys, bool causal)
    {
        var hidden = added.isneginf();
        if (causal) hidden = hidden.logical_or(Hidden(tokens, keys, added));
        var blind = hidden.all(-1, keepdim: true);
        return blind.any().ToBoolean() ? blind : null;
    }

    /// <summary>The answer (B, T, C) with 0 where a token sees nothing.</summary>
    public static Tensor WithoutBlind(Tensor answer, Tensor blind, long heads)
    {
        var (batch, tokens, channels) = answer.shape;
        return answer.view(batch, tokens, heads, channels / heads).masked_fill(blind.transpose(1, 2), 0).view(batch, tokens, channels);
    }

    static Tensor Hidden(long tokens, long keys, Tensor like) => ones(tokens, keys, ScalarType.Bool, like.device).triu_(1);
}
