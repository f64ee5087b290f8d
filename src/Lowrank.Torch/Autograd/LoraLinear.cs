namespace Lowrank.Torch;

/// <summary>y = x Wᵀ + b + s·(x Aᵀ) Bᵀ as one function: only x and the rank-sized product are kept, and the branch is added in
/// place.</summary>
/// <remarks>
/// A plain composition makes three buffers of the output's size forward and two of the input's backward; this one makes one of each. The
/// products run in x's dtype; A and B are float32 masters and get float32 gradients. Formulas: arXiv 2106.09685, h = W0 x + (α/r) B A x.
/// dB = s·gᵀ (x Aᵀ), dA = s·(g B)ᵀ x, dx = g W + s·(g B) A.
/// </remarks>
public static class LoraLinear
{
    /// <summary>The adapted answer.</summary>
    /// <param name="x">Input (..., in).</param>
    /// <param name="weight">Frozen weight (out, in), in x's dtype; it gets no gradient.</param>
    /// <param name="bias">Frozen bias (out), in x's dtype, or null.</param>
    /// <param name="down">A, (rank, in).</param>
    /// <param name="up">B, (out, rank).</param>
    /// <param name="scale">s: alpha/rank times the strength.</param>
    public static Tensor Run(Tensor x, Tensor weight, Tensor? bias, Tensor down, Tensor up, double scale)
    {
        bool branchFits = down.shape[1] == weight.shape[1] && up.shape[0] == weight.shape[0] && up.shape[1] == down.shape[0];
        if (!branchFits || x.shape[^1] != weight.shape[1])
            throw new ShapeException($"x {x.shape.Text()}, weight {weight.shape.Text()}, down {down.shape.Text()} " +
                $"and up {up.shape.Text()} do not fit each other");
        if (is_grad_enabled()) return LoraLinearFunction.apply(x, weight, bias!, down, up, scale);
        // Without a backward pass nothing would free what the function keeps for it.
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Compute(x, weight, bias, down, up, scale).Answer);
    }

    /// <summary>The answer, and x Aᵀ as (tokens, rank).</summary>
    internal static (Tensor Answer, Tensor Low) Compute(Tensor x, Tensor weight, Tensor? bias, Tensor down, Tensor up, double scale)
    {
        var low = nn.functional.linear(x.reshape(-1, x.shape[^1]), down.to(x.dtype));           // (T, rank)
        // The base product is asked with x as it came, so that a branch of zero leaves its very bits.
        var y = nn.functional.linear(x, weight, bias);                                          // (..., out)
        // Changed through a view, but not returned as one: libtorch lets nobody change a custom function's view in place.
        using var rows = y.view(-1, y.shape[^1]);
        rows.addmm_(low, up.to(x.dtype).t(), 1, (float)scale);
        return (y, low);
    }
}
