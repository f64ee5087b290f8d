namespace Lowrank.Torch;

/// <summary>y = (S·F·W) x + b with two orthogonal factors, each block-diagonal, S in another order of rows: a butterfly of any depth, folded in two, on a linear layer's output.</summary>
/// <remarks>
/// Rows of W are (G, q, k): F turns rows that share their place in blocks of consecutive rows; S turns, for each q, the rows of all (G, k). Folding the levels of a butterfly
/// into two dense factors costs little, since those are small, and leaves two passes over the weight where there were as many as levels. With u = F W x = Sᵀ y:
/// ∂S = (Σ g yᵀ)·S and ∂F = (Σ (Sᵀ g) uᵀ)·F, sums over tokens. Folding in two: Dao et al. 2022, arXiv 2204.00595 (Monarch matrices).
/// </remarks>
public static class ButterflyLinear
{
    /// <summary>The adapted answer.</summary>
    /// <param name="x">Input (..., in).</param>
    /// <param name="weight">Frozen weight (out, in), in x's dtype.</param>
    /// <param name="bias">Frozen bias (out), in x's dtype, or null.</param>
    /// <param name="first">F, (out/size, size, size), float32, orthogonal.</param>
    /// <param name="second">S, (q, out/q, out/q), float32, orthogonal.</param>
    /// <param name="width">How many consecutive rows k counts.</param>
    public static Tensor Run(Tensor x, Tensor weight, Tensor? bias, Tensor first, Tensor second, long width)
    {
        var (groups, size, strides, span) = (first.shape[0], first.shape[1], second.shape[0], second.shape[1]);
        if (groups * size != weight.shape[0] || strides * span != weight.shape[0] || span % width != 0 || x.shape[^1] != weight.shape[1])
            throw new ShapeException($"factors ({string.Join(", ", first.shape)}) and ({string.Join(", ", second.shape)}), weight ({string.Join(", ", weight.shape)}) and an input of width {x.shape[^1]} do not fit each other");
        long outer = span / width;
        return FactoredLinear.Run(x, weight, bias, [first, second], Build, Gradients, keepAnswer: true);

        Tensor Build(Tensor w, Tensor[] leaves)
        {
            var once = leaves[0].to(w.dtype).bmm(w.reshape(groups, size, -1)).reshape(outer, strides, width, -1);
            var gathered = once.permute(1, 0, 2, 3).reshape(strides, span, -1);
            return leaves[1].to(w.dtype).bmm(gathered).reshape(strides, outer, width, -1).permute(1, 0, 2, 3).reshape(w.shape);
        }

        Tensor?[] Gradients(LinearPass pass, Tensor[] leaves)
        {
            var (g, y) = (Gathered(pass.Gradient), Gathered(pass.Answer));                     // (strides, tokens, span)
            var turn = leaves[1].to(g.dtype);
            var dSecond = g.transpose(1, 2).bmm(y).to(ScalarType.Float32).bmm(leaves[1]);
            var (back, seen) = (Rows(g.bmm(turn)), Rows(y.bmm(turn)));                         // Sᵀ g and Sᵀ y, (groups, tokens, size)
            var dFirst = back.transpose(1, 2).bmm(seen).to(ScalarType.Float32).bmm(leaves[0]);
            return [dFirst, dSecond];
        }

        Tensor Gathered(Tensor tokens) => tokens.reshape(-1, outer, strides, width).permute(2, 0, 1, 3).reshape(strides, -1, span);

        Tensor Rows(Tensor gathered) =>
            gathered.reshape(strides, -1, outer, width).permute(1, 2, 0, 3).reshape(-1, groups, size).transpose(0, 1);
    }
}
