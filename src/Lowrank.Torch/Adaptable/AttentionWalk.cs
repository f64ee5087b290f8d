namespace Lowrank.Torch;

/// <summary>An attention module's computation with weights of anybody's, step by step as libtorch takes it.</summary>
/// <param name="Heads">Heads.</param>
/// <param name="AddsZero">Whether every query sees one key of zeros more.</param>
/// <remarks>Source: libtorch 2.10, torch/nn/functional/activation.h, multi_head_attention_forward.</remarks>
sealed record AttentionWalk(long Heads, bool AddsZero)
{
    /// <summary>The answer (L, batch, channels), and the shares (batch, L, S) of keys, the mean over heads.</summary>
    /// <param name="input">What is asked.</param>
    /// <param name="projections">Weight and bias of queries, keys, values and the answer.</param>
    /// <param name="more">One more key and value (1, 1, channels); null where there are none.</param>
    /// <param name="dropout">Of the shares; 0 where it does not act.</param>
    public (Tensor Answer, Tensor Shares) Run(
        AttentionInput input, IReadOnlyList<(Tensor Weight, Tensor? Bias)> projections, (Tensor Key, Tensor Value)? more, double dropout)
    {
        var (queries, batch, channels) = input.Query.shape;
        Tensor Projected(Tensor x, int i) => nn.functional.linear(x, projections[i].Weight, projections[i].Bias);
        Tensor Split(Tensor x) => x.contiguous().view(-1, batch * Heads, channels / Heads).transpose(0, 1);   // (B·H, tokens, D)
        var q = Projected(input.Query, 0) * (1 / Math.Sqrt((double)channels / Heads));
        var (k, v) = (Projected(input.Key, 1), Projected(input.Value, 2));
        if (more is var (key, value)) (k, v) = (cat([k, key.repeat(1, batch, 1)]), cat([v, value.repeat(1, batch, 1)]));
        (q, k, v) = (Split(q), Split(k), Split(v));
        if (AddsZero) (k, v) = (WithZero(k), WithZero(v));
        var scores = Seen(q.bmm(k.transpose(1, 2)), input, batch);
        var shares = nn.functional.dropout(scores.softmax(-1), dropout, dropout > 0);
        var answer = shares.bmm(v).transpose(0, 1).contiguous().view(queries, batch, channels);
        return (Projected(answer, 3), shares.view(batch, Heads, queries, -1).sum(1) / Heads);
    }

    static Tensor WithZero(Tensor heads) => cat([heads, zeros([heads.shape[0], 1, heads.shape[2]], heads.dtype, heads.device)], 1);

    // The scores (B·H, L, S) with what is not to be seen at minus infinity.
    Tensor Seen(Tensor scores, AttentionInput input, long batch)
    {
        long keys = scores.shape[^1];
        if (input.Mask is { } mask) scores = scores + Widened(mask, keys).to(scores.dtype);   // of truths too: libtorch's C++ adds ones
        if (input.Padding is not { } padding) return scores;
        var hidden = Widened(padding, keys).to(ScalarType.Bool).unsqueeze(1).unsqueeze(2);   // (B, 1, 1, S)
        return scores.view(batch, Heads, -1, keys).masked_fill(hidden, double.NegativeInfinity).view(batch * Heads, -1, keys);
    }

    // Keys that the module itself adds are seen.
    static Tensor Widened(Tensor mask, long keys)
    {
        long missing = keys - mask.shape[^1];
        return missing == 0 ? mask : cat([mask, zeros([.. mask.shape[..^1], missing], mask.dtype, mask.device)], -1);
    }
}
