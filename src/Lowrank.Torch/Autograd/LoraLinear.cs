namespace Lowrank.Torch;

/// <summary>y = x Wᵀ + b + s·(x Aᵀ) Bᵀ as one function: only x and the rank-sized product are kept, and the branch is added in
/// place.</summary>
/// <remarks>
/// A plain composition makes three buffers of the output's size forward and two of the input's backward; this one makes one of each. The
/// products run in x's dtype; A and B are float32 masters and get float32 gradients. Formulas: arXiv 2106.09685, h = W0 x + (α/r) B A x.
/// dB = s·gᵀ (x Aᵀ), dA = s·(g B)ᵀ x, dx = g W + s·(g B) A. The scale goes to A once, in float32, not to what has as many rows as tokens.
/// Where A is frozen, x is not kept.
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
        long[] input = x.shape, ofWeight = weight.shape, ofDown = down.shape, ofUp = up.shape;
        bool branchFits = ofDown[1] == ofWeight[1] && ofUp[0] == ofWeight[0] && ofUp[1] == ofDown[0];
        if (!branchFits || input[^1] != ofWeight[1])
            throw new ShapeException($"x {input.Text()}, weight {ofWeight.Text()}, down {ofDown.Text()} " +
                $"and up {ofUp.Text()} do not fit each other");
        if (is_grad_enabled()) return LoraLinearFunction.apply(x, weight, bias!, down, up, scale);
        // Without a backward pass nothing would free what the function keeps for it.
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Compute(x, weight, bias, Scaled(down, scale, x.dtype), up.to(x.dtype)).Answer);
    }

    /// <summary>s·A, rounded once.</summary>
    internal static Tensor Scaled(Tensor down, double scale, ScalarType dtype) => scale == 1 ? down.to(dtype) : (down * scale).to(dtype);

    /// <summary>The answer, and x Aᵀ as (tokens, rank), of A and B in x's dtype, A scaled.</summary>
    internal static (Tensor Answer, Tensor Low) Compute(Tensor x, Tensor weight, Tensor? bias, Tensor down, Tensor up)
    {
        var low = ThinBranch.Low(x.reshape(-1, x.shape[^1]), down);
        // The base product is asked with x as it came, so that a branch of zero leaves its very bits.
        var y = LinearProduct.Run(x, weight, bias);   // (..., out)
        ThinBranch.Add(y, low, up);
        return (y, low);
    }
}
