namespace Lowrank.Torch;

/// <summary>Attention as products and a softmax, a group of heads and of rows at a time, there and back: each way is one call.</summary>
/// <remarks>
/// Nothing of size tokens x tokens outlives a call: the way back makes the softmax anew, which costs less than to fetch it from memory that
/// was not in use. The scores of a group lie in memory of a few megabytes, worked in place from the product to the softmax.
/// With P = softmax(s·q kᵀ + mask): dv = Pᵀ g, dP = g vᵀ, dS = P∘(dP − rowsum(P∘dP)), dq = s·dS k, dk = s·dSᵀ q (arXiv 2205.14135,
/// appendix B.2).
/// </remarks>
static class AttentionScript
{
    const string Script = """
        def heads_first(x, b: int, nb: int, h: int, nh: int, group: int, first: int, end: int, width: int):
            part = x[b:b + nb, first:end, h * group * width:(h + nh) * group * width]
            part = part.view(nb, end - first, nh, group, width).permute(0, 2, 3, 1, 4)
            return part.reshape(nb * nh, group * (end - first), width)

        def put(part, x, b: int, nb: int, h: int, nh: int, group: int, first: int, end: int, width: int):
            place = x[b:b + nb, first:end, h * group * width:(h + nh) * group * width]
            part = part.view(nb, nh, group, end - first, width).permute(0, 3, 1, 2, 4)
            place.view(nb, end - first, nh, group, width).copy_(part)

        def keys_first(x, b: int, nb: int, h: int, nh: int, padded: int, width: int):
            part = heads_first(x, b, nb, h, nh, 1, 0, x.size(1), width)
            return part if padded == x.size(1) else torch.constant_pad_nd(part, [0, 0, 0, padded - x.size(1)])

        def weigh(s, q, k, mask: List[Tensor], above: List[Tensor], scale: float, keys: int, b: int, nb: int, h: int, nh: int,
                  group: int, first: int, end: int):
            torch.baddbmm(s, q, k.transpose(1, 2), beta=0, alpha=scale, out=s)
            seen = min(keys, s.size(2))
            if len(mask) > 0:
                part = mask[0][b:b + nb, h * group:(h + nh) * group, first:end, :seen]
                s.view(nb, nh * group, end - first, s.size(2))[:, :, :, :seen].add_(part)
            if len(above) > 0:
                s.view(-1, end - first, s.size(2))[:, :, first:].add_(above[0][:end - first, :end - first])
            elif s.size(2) > keys:
                s[:, :, keys:].fill_(float("-inf"))
            torch._softmax(s, -1, False, out=s)

        def forward(q, k, v, mask: List[Tensor], above: List[Tensor], scale: float, heads: int, group: int, rows: int, nb: int, nh: int,
                    padded: int):
            tokens, keys, width = q.size(1), k.size(1), q.size(2) // heads
            answer = torch.empty(q.size(), dtype=q.dtype, device=q.device)
            scores = torch.empty([nb * nh * group * min(rows, tokens) * padded], dtype=q.dtype, device=q.device)
            for b in range(0, q.size(0), nb):
                for h in range(0, heads // group, nh):
                    kk = keys_first(k, b, nb, h, nh, padded, width)
                    vv = keys_first(v, b, nb, h, nh, padded, width)
                    for first in range(0, tokens, rows):
                        end = min(first + rows, tokens)
                        seen = end if len(above) > 0 else padded
                        size = [nb * nh, group * (end - first), seen]
                        p = scores[:size[0] * size[1] * seen].view(size)
                        qq = heads_first(q, b, nb, h, nh, group, first, end, width)
                        weigh(p, qq, kk[:, :seen], mask, above, scale, keys, b, nb, h, nh, group, first, end)
                        put(torch.bmm(p, vv[:, :seen]), answer, b, nb, h, nh, group, first, end, width)
            return answer

        def backward(q, k, v, gradient, mask: List[Tensor], above: List[Tensor], scale: float, heads: int, group: int, rows: int,
                     nb: int, nh: int, padded: int):
            tokens, keys, width = q.size(1), k.size(1), q.size(2) // heads
            dq = torch.empty(q.size(), dtype=q.dtype, device=q.device)
            dk = torch.empty(k.size(), dtype=q.dtype, device=q.device)
            dv = torch.empty(k.size(), dtype=q.dtype, device=q.device)
            scores = torch.empty([2, nb * nh * group * min(rows, tokens) * padded], dtype=q.dtype, device=q.device)
            for b in range(0, q.size(0), nb):
                for h in range(0, heads // group, nh):
                    kk = keys_first(k, b, nb, h, nh, padded, width)
                    vv = keys_first(v, b, nb, h, nh, padded, width)
                    # In float32 where several groups of rows add to the keys.
                    sums: List[Tensor] = []
                    if rows < tokens:
                        sums.append(torch.zeros([nb * nh, padded, width], dtype=6, device=q.device))
                        sums.append(torch.zeros([nb * nh, padded, width], dtype=6, device=q.device))
                    for first in range(0, tokens, rows):
                        end = min(first + rows, tokens)
                        seen = end if len(above) > 0 else padded
                        size = [nb * nh, group * (end - first), seen]
                        p = scores[0, :size[0] * size[1] * seen].view(size)
                        ds = scores[1, :size[0] * size[1] * seen].view(size)
                        qq = heads_first(q, b, nb, h, nh, group, first, end, width)
                        g = heads_first(gradient, b, nb, h, nh, group, first, end, width)
                        weigh(p, qq, kk[:, :seen], mask, above, scale, keys, b, nb, h, nh, group, first, end)
                        torch.bmm(g, vv[:, :seen].transpose(1, 2), out=ds)
                        ofv = torch.bmm(p.transpose(1, 2), g)
                        torch._softmax_backward_data(ds, p, -1, q.dtype, grad_input=ds)
                        put(torch.baddbmm(qq, ds, kk[:, :seen], beta=0, alpha=scale), dq, b, nb, h, nh, group, first, end, width)
                        ofk = torch.baddbmm(kk[:, :seen], ds.transpose(1, 2), qq, beta=0, alpha=scale)
                        if rows < tokens:
                            sums[0][:, :seen].add_(ofk)
                            sums[1][:, :seen].add_(ofv)
                        else:
                            sums = [ofk, ofv]
                    put(sums[0][:, :keys], dk, b, nb, h, nh, 1, 0, keys, width)
                    put(sums[1][:, :keys], dv, b, nb, h, nh, 1, 0, keys, width)
            return [dq, dk, dv]

        """;

    static readonly Lazy<jit.CompilationUnit> unit = new(() => jit.compile(Script));

    /// <summary>The answer (B, T, C).</summary>
    /// <param name="q">What asks, (B, T, C).</param>
    /// <param name="k">What is asked, (B, S, key heads · d).</param>
    /// <param name="v">What answers, as k.</param>
    /// <param name="mask">Added to the scores, (B, heads, T, S), or null.</param>
    /// <param name="plan">How it is cut up.</param>
    public static Tensor Forward(Tensor q, Tensor k, Tensor v, Tensor? mask, AttentionPlan plan) =>
        (Tensor)Invoke("forward", [q, k, v], mask, plan);

    /// <summary>The gradients of q, k and v from the answer's.</summary>
    public static Tensor[] Backward(Tensor q, Tensor k, Tensor v, Tensor gradient, Tensor? mask, AttentionPlan plan) =>
        (Tensor[])Invoke("backward", [q, k, v, gradient], mask, plan);

    static object Invoke(string name, Tensor[] tensors, Tensor? mask, AttentionPlan plan)
    {
        // What a row must not see in the block on the diagonal.
        using var above = plan.Causal
            ? full(plan.Rows, plan.Rows, double.NegativeInfinity, tensors[0].dtype, tensors[0].device).triu_(1)
            : null;
        // invoke() makes a native scalar of each number and keeps none of them alive.
        using Scalar scale = plan.Scale, heads = plan.Heads, group = plan.Heads / plan.KeyHeads, rows = plan.Rows;
        using Scalar batches = plan.Batches, headsAtOnce = plan.KeyHeadsAtOnce, padded = plan.PaddedKeys;
        return unit.Value.invoke(name, [
            .. tensors, List(mask), List(above), scale, heads, group, rows, batches, headsAtOnce, padded]);
    }

    static Tensor[] List(Tensor? tensor) => tensor is null ? [] : [tensor];
}
