namespace Lowrank.Torch;

/// <summary>y = B W x + b with a butterfly B: orthogonal blocks at log₂ levels, which turn a linear layer's answer.</summary>
/// <remarks>
/// A few levels after each other are one <see cref="ButterflyStage"/>, since small products cost by their number; in two stages it is a
/// Monarch matrix (Dao et al. 2022, arXiv 2204.00595).
/// Turned back stage by stage, the answer gives what each stage was given, so that nothing else is kept.
/// </remarks>
public static class ButterflyLinear
{
    /// <summary>The adapted answer.</summary>
    /// <param name="x">Input (..., in).</param>
    /// <param name="weight">Frozen weight (out, in), in x's dtype.</param>
    /// <param name="bias">Frozen bias (out), in x's dtype, or null.</param>
    /// <param name="rotations">R, orthogonal blocks (levels, blocks, size, size), float32; blocks·size is out, size even, and 2^(levels −
    /// 1) divides blocks. Level i turns rows (c, 2, 2ⁱ, size/2) together that differ in the second and the last place, the last before the
    /// second.</param>
    public static Tensor Run(Tensor x, Tensor weight, Tensor? bias, Tensor rotations)
    {
        if (!IsButterfly(rotations.shape, weight.shape[0]) || x.shape[^1] != weight.shape[1])
            throw RotatedLinear.Unfit(rotations, weight, x);
        return FactoredLinear.Run(x, weight, bias, [rotations], new(null, Gradients) { KeepsAnswer = true, OfAnswer = new(Forward, null) });
    }

    static bool IsButterfly(long[] shape, long width)
    {
        if (shape is not [> 0 and var levels, var blocks, var size, var same]) return false;
        bool evenSquares = size == same && size % 2 == 0;
        return evenSquares && blocks % (1L << (int)(levels - 1)) == 0 && blocks * size == width;
    }

    static Tensor Forward(Tensor tokens, Tensor[] leaves)
    {
        if (ButterflyKernel.Suits(tokens, leaves[0]))
        {
            new ButterflyKernel(leaves[0], get_num_threads()).Turn(tokens);
            return tokens;
        }
        var rows = tokens.alias();
        foreach (var stage in ButterflyStage.Of(leaves[0])) rows = rows.Then(stage.Turned(rows));
        return rows;
    }

    // The answer's gradient and the answer go back through the stages as one, for small products cost by their number.
    static Tensor?[] Gradients(LinearPass pass, Tensor[] leaves)
    {
        if (ButterflyKernel.Suits(pass.Gradient, leaves[0]))
        {
            var (answer, bias) = pass.KeptAnswer;
            (pass.TurnedBack, var gradient) = new ButterflyKernel(leaves[0], get_num_threads()).TurnBack(pass.Gradient, answer, bias);
            return [gradient];
        }
        long tokens = pass.Gradient.shape[0];
        var stages = ButterflyStage.Of(leaves[0]).ToList();
        var gradients = new Tensor[stages.Count];
        var both = cat([pass.Gradient, pass.Answer]);
        for (int i = stages.Count - 1; i >= 0; i--)
        {
            using var scope = NewDisposeScope();
            var gathered = stages[i].Gathered(both);
            var (g, y) = (gathered.narrow(1, 0, tokens), gathered.narrow(1, tokens, tokens));
            var moments = g.transpose(1, 2).bmm(y).to(ScalarType.Float32);
            gradients[i] = scope.MoveToOuter(stages[i].Gradients(moments));
            var asked = i > 0 ? gathered : g;   // before the first stage nobody asks for the answer
            var turnedBack = asked.bmm(stages[i].Folded().to(g.dtype));
            both = both.Then(scope.MoveToOuter(stages[i].Scattered(turnedBack)));
        }
        pass.TurnedBack = both;
        return [cat(gradients)];
    }
}
