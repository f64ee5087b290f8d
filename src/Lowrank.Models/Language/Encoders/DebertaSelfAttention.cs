namespace Lowrank.Models;

/// <summary>Attention whose scores are sums of content with content, content with distance and distance with content.</summary>
sealed class DebertaSelfAttention : EncoderLayer
{
    readonly Linear query, key, value;
    readonly Linear? distanceKey, distanceQuery;
    readonly DebertaPositions? positions;
    readonly bool asksContent, asksPlace;   // c2p and p2c
    readonly int heads, width;

    public DebertaSelfAttention(DebertaConfig config, Storage? storage) : base("DisentangledSelfAttention")
    {
        (heads, width, positions) = (config.Heads, config.HeadDim, config.Relative);
        (asksContent, asksPlace) = (config.Terms.Contains("c2p"), config.Terms.Contains("p2c"));
        query = Projection("query_proj");
        key = Projection("key_proj");
        value = Projection("value_proj");
        if (asksContent) distanceKey = config.SharesKeys ? key : Projection("pos_key_proj");
        if (asksPlace) distanceQuery = config.SharesKeys ? query : Projection("pos_query_proj");

        Linear Projection(string name)
        {
            var layer = new Linear(config.HiddenSize, heads * width, true, storage);
            register_module(name, layer);
            return layer;
        }
    }

    protected override Tensor Compute(Tensor x, Pass pass, Tensor? table)
    {
        var (batch, tokens, _) = x.shape;
        var (q, k, v) = (Heads(query.call(x)), Heads(key.call(x)), Heads(value.call(x)));   // (B, H, T, D)
        int terms = 1 + (asksContent ? 1 : 0) + (asksPlace ? 1 : 0);
        var scores = q.matmul(k.transpose(-1, -2));                                          // (B, H, T, T)
        if (table is not null && terms > 1) scores = scores + Distances(q, k, table);
        scores = scores / Math.Sqrt(width * terms);
        if (pass.Sight(null, causal: false).Mask is { } hidden) scores = scores + hidden;
        // Pads see nothing here: each gets the average of all, as in transformers, whose losses count what they say.
        if (pass.Mask is { } real)
            scores = scores.masked_fill(real.logical_not().unsqueeze(1).unsqueeze(-1), UnseenKeys.Score(scores.dtype));
        var answer = scores.to(ScalarType.Float32).softmax(-1).to(v.dtype).matmul(v);
        return answer.transpose(1, 2).reshape(batch, tokens, heads * width);
    }

    Tensor Distances(Tensor q, Tensor k, Tensor table)
    {
        var (batch, _, tokens, _) = q.shape;
        var rows = positions!.Rows(tokens, q.device);   // (T, T)
        Tensor? sum = null;
        if (distanceKey is not null)
            sum = Picked(q.matmul(Rows(distanceKey, table)), rows);
        if (distanceQuery is not null)
        {
            var picked = Picked(k.matmul(Rows(distanceQuery, table)), rows.transpose(0, 1)).transpose(-1, -2);
            sum = sum is null ? picked : sum + picked;
        }
        return sum!;

        // Of (B, H, T, rows of the table) the one that a pair of tokens asks for.
        Tensor Picked(Tensor all, Tensor places) => all.gather(-1, places.expand(batch, heads, tokens, tokens));
    }

    Tensor Rows(Linear projection, Tensor table) =>
        projection.call(table).view(-1, heads, width).permute(1, 2, 0);   // (H, D, rows of the table)

    Tensor Heads(Tensor projected) => HeadAttention.Split(projected, heads, width).transpose(1, 2);
}
