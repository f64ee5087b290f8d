namespace Lowrank.Torch;

/// <summary>y = R̄ᵀ(W x) + b with R̄ block-diagonal and orthogonal, so that the rows of W are rotated in blocks: OFT on a linear layer's output.</summary>
/// <remarks>
/// Rows of block k of W' are Σ_j R[k, j, ·] W[k, j, :]. Forward rotates the weight, which is smaller work than rotating tokens. Backward needs no product of the weight's
/// size for R: with z = W x, ∂R[k] = Σ z gᵀ over tokens, and z = R y is had by rotating the answer back: ∂R[k] = R[k] Σ y gᵀ.
/// </remarks>
public static class RotatedLinear
{
    /// <summary>The adapted answer.</summary>
    /// <param name="x">Input (..., in).</param>
    /// <param name="weight">Frozen weight (out, in), in x's dtype.</param>
    /// <param name="bias">Frozen bias (out), in x's dtype, or null.</param>
    /// <param name="rotation">R, orthogonal blocks (blocks, size, size), float32, blocks·size = out.</param>
    public static Tensor Run(Tensor x, Tensor weight, Tensor? bias, Tensor rotation)
    {
        var (blocks, size) = (rotation.shape[0], rotation.shape[1]);
        if (blocks * size != weight.shape[0] || rotation.shape[2] != size || x.shape[^1] != weight.shape[1])
            throw new ShapeException($"rotations ({string.Join(", ", rotation.shape)}), weight ({string.Join(", ", weight.shape)}) and an input of width {x.shape[^1]} do not fit each other");
        return FactoredLinear.Run(x, weight, bias, [rotation], Build, Gradients, keepAnswer: true);

        Tensor Build(Tensor w, Tensor[] leaves) => leaves[0].to(w.dtype).transpose(1, 2).bmm(w.reshape(blocks, size, -1)).reshape(w.shape);

        Tensor?[] Gradients(LinearPass pass, Tensor[] leaves)
        {
            var (y, g) = (pass.Answer.reshape(-1, blocks, size), pass.Gradient.reshape(-1, blocks, size));
            var gram = y.permute(1, 2, 0).bmm(g.permute(1, 0, 2)).to(ScalarType.Float32);         // (blocks, size, size): Σ y gᵀ
            return [leaves[0].bmm(gram)];
        }
    }
}
