namespace Lowrank.Models;

/// <summary>Attention between the projections: heads are turned, cached, compared and summed.</summary>
static class HeadAttention
{
    /// <summary>What a projection made (B, T, H·D), head by head (B, T, H, D).</summary>
    public static Tensor Split(Tensor projected, int heads, int width)
    {
        var (batch, tokens, _) = projected.shape;
        return projected.view(batch, tokens, heads, width);
    }

    /// <summary>softmax(scores) v per head, (B, T, H·D).</summary>
    /// <param name="query">(B, T, H, D).</param>
    /// <param name="key">(B, T, key heads, D).</param>
    /// <param name="value">(B, T, key heads, D).</param>
    /// <param name="shape">How the layer attends.</param>
    /// <param name="pass">What the layers share.</param>
    /// <param name="sinks">A score for each head (H) that joins the softmax and has no value; null for none.</param>
    public static Tensor Run(Tensor query, Tensor key, Tensor value, AttentionShape shape, Pass pass, Tensor? sinks = null)
    {
        if (shape.Rope is { } rope)
        {
            var rotation = pass.Rotation(rope);
            query = rotation.Turn(query, shape.TurnsPairs);
            key = rotation.Turn(key, shape.TurnsPairs);
        }
        if (pass.Cache is { } cache) (key, value) = cache.Layers[shape.Layer].Append(key, value);
        if (shape.SoftCap is not null || sinks is not null)
            return ByScores(query, key, value, shape, pass.Sight(shape.Window, shape.Causal, whole: true).Mask, sinks);
        var sight = pass.Sight(shape.Window, shape.Causal);
        double own = shape.Scale * Math.Sqrt(shape.HeadDim);   // the kernels below have 1/√d
        if (Math.Abs(own - 1) > 1e-9) query = query * own;
        if (query.shape[1] == 1 && !query.requires_grad && !Checkpoint.IsRepeated) return OfOne(query, key, value, shape, sight.Mask);
        return Attention.Run(query.flatten(2), key.flatten(2), value.flatten(2), shape.Heads, sight.Mask, sight.Causal, shape.KeyHeads);
    }

    // One token a row: the heads that share a key are its tokens, so that keys and values are read where they lie.
    static Tensor OfOne(Tensor query, Tensor key, Tensor value, AttentionShape shape, Tensor? mask)
    {
        long batch = query.shape[0], each = shape.Heads / shape.KeyHeads;
        var asking = query.reshape(batch, shape.KeyHeads, each, shape.HeadDim);
        var answer = nn.functional.scaled_dot_product_attention(asking, key.transpose(1, 2), value.transpose(1, 2), mask);
        return answer.reshape(batch, 1, shape.Width);
    }

    // The formula written out: what no kernel has.
    static Tensor ByScores(Tensor query, Tensor key, Tensor value, AttentionShape shape, Tensor? mask, Tensor? sinks)
    {
        var (batch, tokens, _, _) = query.shape;
        long each = shape.Heads / shape.KeyHeads, keys = key.shape[1];
        var asking = query.reshape(batch, tokens, shape.KeyHeads, each, shape.HeadDim).permute(0, 2, 3, 1, 4);   // (B, K, H/K, T, D)
        asking = asking.reshape(batch, shape.KeyHeads, each * tokens, shape.HeadDim);
        var scores = asking.matmul(key.permute(0, 2, 3, 1)) * shape.Scale;                                     // (B, K, H/K·T, S)
        if (shape.SoftCap is { } cap) scores = (scores / cap).tanh() * cap;
        scores = scores.view(batch, shape.KeyHeads, each, tokens, keys).to(ScalarType.Float32);
        if (mask is not null) scores = scores + mask.unsqueeze(1);
        if (sinks is not null)
        {
            var sink = sinks.to(ScalarType.Float32).view(1, shape.KeyHeads, each, 1, 1).expand(batch, -1, -1, tokens, 1);
            scores = cat([scores, sink], -1);
        }
        var weights = scores.softmax(-1).narrow(-1, 0, keys).to(query.dtype).view(batch, shape.KeyHeads, each * tokens, keys);
        var answer = weights.matmul(value.transpose(1, 2));                                                    // (B, K, H/K·T, D)
        return answer.view(batch, shape.Heads, tokens, shape.HeadDim).transpose(1, 2).reshape(batch, tokens, shape.Width);
    }
}
