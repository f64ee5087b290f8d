namespace Lowrank.Torch;

/// <summary>y = B W x + b with a butterfly B: orthogonal blocks at log₂ levels, which turn a linear layer's answer.</summary>
/// <remarks>
/// A few levels after each other are one <see cref="ButterflyStage"/>, since small products cost by their number; in two stages it is a Monarch matrix (Dao et al. 2022, arXiv 2204.00595).
/// Turned back stage by stage, the answer gives what each stage was given, so that nothing else is kept.
/// </remarks>
public static class ButterflyLinear
{
    /// <summary>The adapted answer.</summary>
    /// <param name="x">Input (..., in).</param>
    /// <param name="weight">Frozen weight (out, in), in x's dtype.</param>
    /// <param name="bias">Frozen bias (out), in x's dtype, or null.</param>
    /// <param name="rotations">R, orthogonal blocks (levels, blocks, size, size), float32; blocks·size is out, size even, and 2^(levels − 1) divides blocks. Level i turns rows
    /// (c, 2, 2ⁱ, size/2) together that differ in the second and the last place, the last before the second.</param>
    public static Tensor Run(Tensor x, Tensor weight, Tensor? bias, Tensor rotations)
    {
        if (rotations.shape is not [> 0 and var levels, var blocks, var size, var same] || size != same || size % 2 != 0 || blocks % (1L << (int)(levels - 1)) != 0
            || blocks * size != weight.shape[0] || x.shape[^1] != weight.shape[1])
            throw new ShapeException($"rotations ({string.Join(", ", rotations.shape)}), weight ({string.Join(", ", weight.shape)}) and an input of width {x.shape[^1]} do not fit each other");
        return FactoredLinear.Run(x, weight, bias, [rotations], new(null, Gradients) { KeepsAnswer = true, OfAnswer = new(Forward, Transposed) });
    }

    static Tensor Forward(Tensor tokens, Tensor[] leaves)
    {
        foreach (var stage in ButterflyStage.Of(leaves[0])) tokens = stage.Scattered(stage.Gathered(tokens).bmm(stage.Folded().to(tokens.dtype).transpose(1, 2)));
        return tokens;
    }

    static Tensor Transposed(Tensor tokens, Tensor[] leaves)
    {
        foreach (var stage in ButterflyStage.Of(leaves[0]).Reverse()) tokens = stage.Scattered(stage.Gathered(tokens).bmm(stage.Folded().to(tokens.dtype)));
        return tokens;
    }

    static Tensor?[] Gradients(LinearPass pass, Tensor[] leaves)
    {
        var (g, y) = (pass.Gradient, pass.Answer);
        var gradients = new List<Tensor>();
        foreach (var stage in ButterflyStage.Of(leaves[0]).Reverse())
        {
            var (gathered, answered, turn) = (stage.Gathered(g), stage.Gathered(y), stage.Folded().to(g.dtype));
            gradients.Insert(0, stage.Gradients(gathered.transpose(1, 2).bmm(answered).to(ScalarType.Float32)));
            (g, y) = (stage.Scattered(gathered.bmm(turn)), stage.Scattered(answered.bmm(turn)));
        }
        pass.TurnedBack = g;
        return [cat(gradients)];
    }
}
