namespace Lowrank.Torch;

/// <summary>y = x W'ᵀ + b with W' of a few small leaves, whose gradients come from x and the answer's gradient, never from the gradient of
/// W' itself.</summary>
/// <remarks>
/// What a step costs then is what it costs without any adapter, two products of the weight's size, and little beside: the gradient of W'
/// would be a third.
/// W' is built twice and never kept; where the tokens are fewer than the weight's rows or columns and a map of them does the same, it is
/// not built at all.
/// </remarks>
public static class FactoredLinear
{
    /// <summary>The answer.</summary>
    /// <param name="x">Input (..., in).</param>
    /// <param name="weight">W (out, in), frozen, in x's dtype.</param>
    /// <param name="bias">Frozen bias (out), in x's dtype, or null.</param>
    /// <param name="leaves">What W' depends on beside W.</param>
    /// <param name="factors">How W' depends on them.</param>
    public static Tensor Run(Tensor x, Tensor weight, Tensor? bias, Tensor[] leaves, LinearFactors factors)
    {
        if (is_grad_enabled()) return FactoredLinearFunction.apply([factors, x, weight, bias!, .. leaves]);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(factors.Answer(x, weight, bias, leaves));
    }
}
