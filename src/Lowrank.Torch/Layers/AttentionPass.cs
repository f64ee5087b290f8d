namespace Lowrank.Torch.Layers;

/// <summary>Attention where nothing goes back: the products of <see cref="AttentionScript"/>, with <see cref="SoftmaxKernel"/> between
/// them.</summary>
static class AttentionPass
{
    /// <summary>Whether it takes queries like these; without a mask.</summary>
    public static bool Suits(Tensor q, AttentionPlan plan)
    {
        bool mayGoBack = is_grad_enabled() || Checkpoint.IsRepeated;
        return !mayGoBack && !plan.Causal && SoftmaxKernel.Suits(q);
    }

    /// <summary>The answer (B, T, C).</summary>
    /// <param name="q">What asks, (B, T, C).</param>
    /// <param name="k">What is asked, (B, S, key heads · d).</param>
    /// <param name="v">What answers, as k.</param>
    /// <param name="plan">How it is cut up.</param>
    public static Tensor Forward(Tensor q, Tensor k, Tensor v, AttentionPlan plan)
    {
        var (batch, tokens, _) = q.shape;
        var answer = empty(q.shape, q.dtype, q.device);
        for (long member = 0; member < batch; member += plan.Batches)
            for (long head = 0; head < plan.KeyHeads; head += plan.KeyHeadsAtOnce)
            {
                using var group = NewDisposeScope();
                var (keys, values) = (Keys(k, member, head, plan), Keys(v, member, head, plan));
                for (long first = 0; first < tokens; first += plan.Rows)
                {
                    using var part = NewDisposeScope();
                    var asking = Heads(q, member, head, first, plan);               // (b, rows, h, g, d)
                    var place = Heads(answer, member, head, first, plan);
                    long rows = asking.shape[1], width = asking.shape[^1], together = asking.shape[3];
                    var queries = asking.permute(0, 2, 3, 1, 4).reshape(keys.shape[0], together * rows, width);
                    var scores = queries.bmm(keys.transpose(1, 2));                 // (b·h, g·rows, keys)
                    SoftmaxKernel.Run(scores, k.shape[1], plan.Scale, get_num_threads());
                    var told = scores.bmm(values).view(plan.Batches, plan.KeyHeadsAtOnce, together, rows, width);
                    place.copy_(told.permute(0, 3, 1, 2, 4));
                }
            }
        return answer;
    }

    // A group's part of queries or of the answer, each key head's heads beside each other.
    static Tensor Heads(Tensor x, long member, long head, long first, AttentionPlan plan)
    {
        long together = plan.Heads / plan.KeyHeads, width = x.shape[2] / plan.Heads, rows = Math.Min(plan.Rows, x.shape[1] - first);
        return x.narrow(0, member, plan.Batches).narrow(1, first, rows)
            .narrow(2, head * together * width, plan.KeyHeadsAtOnce * together * width)
            .view(plan.Batches, rows, plan.KeyHeadsAtOnce, together, width);
    }

    // A group's keys or values, (b·h, keys, d), filled up with zeros.
    static Tensor Keys(Tensor x, long member, long head, AttentionPlan plan)
    {
        long keys = x.shape[1], width = x.shape[2] / plan.KeyHeads;
        var part = x.narrow(0, member, plan.Batches).narrow(2, head * width, plan.KeyHeadsAtOnce * width)
            .view(plan.Batches, keys, plan.KeyHeadsAtOnce, width).permute(0, 2, 1, 3).reshape(-1, keys, width);
        return keys == plan.PaddedKeys ? part : nn.functional.pad(part, (0, 0, 0, plan.PaddedKeys - keys));
    }
}
