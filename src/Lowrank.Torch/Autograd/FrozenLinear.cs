namespace Lowrank.Torch;

/// <summary>x Wᵀ + b over a frozen weight that is made for each use: nothing of its size is kept from forward to backward, and the
/// product is not computed again on the way back.</summary>
public static class FrozenLinear
{
    /// <summary>The layer's answer, with a gradient for x alone.</summary>
    /// <param name="x">(..., in).</param>
    /// <param name="use">Makes the weight (out, in) in x's dtype, gives it to a body and returns what that returns; the memory may be used
    /// again then.</param>
    /// <param name="bias">(out), or null; frozen too.</param>
    public static Tensor Run(Tensor x, Func<Func<Tensor, Tensor>, Tensor> use, Tensor? bias = null)
    {
        if (is_grad_enabled() && x.requires_grad) return FrozenLinearFunction.apply([x, use, bias!]);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Compute(x, use, bias));
    }

    /// <summary>The same over a weight of few bits; few rows, of which no gradient is asked, are multiplied without making it.</summary>
    /// <param name="x">(..., in).</param>
    /// <param name="weight">(out, in).</param>
    /// <param name="bias">(out), or null.</param>
    public static Tensor Run(Tensor x, IPackedWeight weight, Tensor? bias)
    {
        bool goesBack = is_grad_enabled() && x.requires_grad;
        if (!goesBack && weight.Multiply(x) is { } product) return Finished(product, x, bias);
        var dtype = x.dtype;   // on the way back x may be gone
        return Run(x, body => weight.Use(dtype, body), bias);
    }

    /// <summary>The same for a weight (in, out).</summary>
    /// <param name="x">(..., in).</param>
    /// <param name="weight">(in, out).</param>
    /// <param name="bias">(out), or null.</param>
    public static Tensor RunTransposed(Tensor x, IPackedWeight weight, Tensor? bias)
    {
        bool goesBack = is_grad_enabled() && x.requires_grad;
        if (!goesBack && weight.MultiplyTransposed(x) is { } product) return Finished(product, x, bias);
        var dtype = x.dtype;
        return Run(x, body => weight.Use(dtype, made => body(made.t())), bias);
    }

    // A product of a kernel's own, which nobody else holds.
    static Tensor Finished(Tensor product, Tensor x, Tensor? bias)
    {
        if (bias is not null) product.add_(bias);
        return product.dtype == x.dtype ? product : product.to(x.dtype);
    }

    internal static Tensor Compute(Tensor x, Func<Func<Tensor, Tensor>, Tensor> use, Tensor? bias)
    {
        var added = bias is null || bias.dtype == x.dtype ? bias : bias.to(x.dtype);
        return use(weight => LinearProduct.Run(x, weight, added));
    }
}
