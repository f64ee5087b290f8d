namespace Lowrank.Torch;

/// <summary>A linear layer whose output or input is rotated in blocks: OFT, y = R̄ᵀ(W x) + b or y = W(R̄ᵀ x) + b with R̄
/// block-diagonal.</summary>
/// <remarks>
/// On the output R̄ is orthogonal, and rows of block k of W' are Σ_j R[k, j, ·] W[k, j, :]. The weight is rotated, or the tokens where they
/// are fewer. Backward needs no product of the weight's size for R: with z = W x, ∂R[k] = Σ z gᵀ over tokens, and z = R y is had by
/// rotating the answer back: ∂R[k] = R[k] Σ y gᵀ.
/// </remarks>
public static class RotatedLinear
{
    static readonly TokenMap rotated = new(
        (rows, leaves) => Turned(rows, leaves[0]),
        (rows, leaves) => Turned(rows, leaves[0].transpose(1, 2)));

    /// <summary>The adapted answer.</summary>
    /// <param name="x">Input (..., in).</param>
    /// <param name="weight">Frozen weight (out, in), in x's dtype.</param>
    /// <param name="bias">Frozen bias (out), in x's dtype, or null.</param>
    /// <param name="rotation">R, orthogonal blocks (blocks, size, size), float32, blocks·size = out.</param>
    public static Tensor Run(Tensor x, Tensor weight, Tensor? bias, Tensor rotation)
    {
        var (blocks, size) = (rotation.shape[0], rotation.shape[1]);
        if (blocks * size != weight.shape[0] || rotation.shape[2] != size || x.shape[^1] != weight.shape[1])
            throw Unfit(rotation, weight, x);
        return FactoredLinear.Run(x, weight, bias, [rotation], new(Build, Gradients) { KeepsAnswer = true, OfAnswer = rotated });

        Tensor Build(Tensor w, Tensor[] leaves) => leaves[0].to(w.dtype).transpose(1, 2).bmm(w.reshape(blocks, size, -1)).reshape(w.shape);

        Tensor?[] Gradients(LinearPass pass, Tensor[] leaves) => [leaves[0].bmm(Gram(pass.Answer, pass.Gradient, blocks, size))];
    }

    /// <summary>The answer with the input rotated.</summary>
    /// <param name="x">Input (..., in).</param>
    /// <param name="weight">Frozen weight (out, in), in x's dtype.</param>
    /// <param name="bias">Frozen bias (out), in x's dtype, or null.</param>
    /// <param name="rotation">R, (blocks, size, size), invertible, float32, blocks·size = in; or one that all blocks share.</param>
    public static Tensor RunOnInput(Tensor x, Tensor weight, Tensor? bias, Tensor rotation)
    {
        long size = rotation.shape[1], blocks = weight.shape[1] / size;
        bool forEachBlock = rotation.shape[0] == blocks || rotation.shape[0] == 1;
        bool squaresFill = blocks * size == weight.shape[1] && rotation.shape[2] == size;
        if (!forEachBlock || !squaresFill || x.shape[^1] != weight.shape[1])
            throw Unfit(rotation, weight, x);
        return FactoredLinear.Run(x, weight, bias, [rotation], new(rotated.Transposed, Gradients) { OfInput = rotated });

        Tensor?[] Gradients(LinearPass pass, Tensor[] leaves)
        {
            var gram = Gram(pass.X, pass.InputGradient, blocks, size);
            if (leaves[0].shape[0] == 1) gram = gram.sum(0, keepdim: true);
            return [linalg.solve(leaves[0], gram.transpose(1, 2)).transpose(1, 2)];
        }
    }

    internal static ShapeException Unfit(Tensor rotations, Tensor weight, Tensor x) =>
        new($"rotations {rotations.shape.Text()}, weight {weight.shape.Text()} and an input of width {x.shape[^1]} do not fit each other");

    // Rows (n, width) times a block-diagonal matrix of blocks (blocks or 1, size, size).
    static Tensor Turned(Tensor rows, Tensor turn)
    {
        using var scope = NewDisposeScope();
        long size = turn.shape[1], blocks = rows.shape[1] / size, together = Together(blocks, size);
        var apart = turn.to(rows.dtype).expand(blocks, size, size).reshape(-1, together, size, 1, size);
        var diagonal = eye(together, dtype: rows.dtype, device: rows.device).view(1, together, 1, together, 1);
        var wide = (apart * diagonal).reshape(-1, together * size, together * size);
        var grouped = rows.reshape(-1, blocks / together, together * size).transpose(0, 1);
        return scope.MoveToOuter(grouped.bmm(wide).transpose(0, 1).reshape(rows.shape));
    }

    // Σ a bᵀ over tokens for each block, (blocks, size, size). Small blocks are multiplied several at once, and what falls between two of
    // them is thrown away: a product of 64 channels takes less time than eight of 8.
    static Tensor Gram(Tensor a, Tensor b, long blocks, long size)
    {
        long together = Together(blocks, size);
        var (left, right) = (a.reshape(-1, blocks / together, together * size), b.reshape(-1, blocks / together, together * size));
        var wide = left.permute(1, 2, 0).bmm(right.permute(1, 0, 2)).to(ScalarType.Float32);
        if (together == 1) return wide;
        return wide.view(-1, together, size, together, size).diagonal(0, 1, 3).permute(0, 3, 1, 2).reshape(blocks, size, size);
    }

    // How many blocks make a product of about 64 channels.
    static long Together(long blocks, long size)
    {
        const long Channels = 64;
        long most = Math.Max(1, Channels / size);
        while (blocks % most != 0) most--;
        return most;
    }
}
