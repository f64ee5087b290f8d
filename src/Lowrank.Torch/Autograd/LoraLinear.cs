namespace Lowrank.Torch;

/// <summary>y = x Wᵀ + b + s·(x Aᵀ) Bᵀ as one function: only x and the rank-sized product are kept, and the branch is added in place.</summary>
/// <remarks>
/// A plain composition makes three buffers of the output's size forward and two of the input's backward; this one makes one of each. The products run in x's
/// dtype; A and B are float32 masters and get float32 gradients. Formulas: arXiv 2106.09685, h = W0 x + (α/r) B A x.
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
        if (x.shape[^1] != weight.shape[1] || down.shape[1] != weight.shape[1] || up.shape[0] != weight.shape[0] || up.shape[1] != down.shape[0])
            throw new ShapeException($"x {x.shape.Text()}, weight {weight.shape.Text()}, down {down.shape.Text()} and up {up.shape.Text()} do not fit each other");
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

sealed class LoraLinearFunction : autograd.SingleTensorFunction<LoraLinearFunction>
{
    public override string Name => nameof(LoraLinearFunction);

    sealed record Saved(Held Tensors, double Scale, bool InputNeedsGradient, long[] InputShape, ScalarType Masters);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight, bias, down, up, scale) = ((Tensor)vars[0], (Tensor)vars[1], vars[2] as Tensor, (Tensor)vars[3], (Tensor)vars[4], (double)vars[5]);
        using var scope = NewDisposeScope();
        var (a, b) = (down.to(x.dtype), up.to(x.dtype));
        var (y, low) = LoraLinear.Compute(x, weight, bias, a, b, scale);
        ctx.save_data("saved", new Saved(new Held(x, weight, a, b, low), scale, x.requires_grad, x.shape, down.dtype));
        return scope.MoveToOuter(y);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient) => Backward.Run(gradient, 6, gradientOut =>
    {
        var saved = (Saved)ctx.get_data("saved");
        var (held, s) = (saved.Tensors, saved.Scale);
        var (x, weight, down, up, low) = (held[0].reshape(-1, saved.InputShape[^1]), held[1], held[2], held[3], held[4]);
        var g = gradientOut.reshape(-1, weight.shape[0]);                              // (T, out)
        // Of the equal ways to write each thin product, the fastest on a CPU: in float32 the plain gᵀ·low is up to six times slower, and g·B twice; in bfloat16 a copy
        // of Bᵀ would cost more than it saves. The scale goes to what is of rank size.
        var gUp = (g.dtype == ScalarType.Float32 ? nn.functional.linear(g, up.t().contiguous()) : g.mm(up)) * s;   // (T, rank): s·g B
        var dUp = (low * s).t().mm(g).t().to(saved.Masters);                           // (out, rank)
        var dDown = gUp.t().mm(x).to(saved.Masters);                                   // (rank, in)
        var dx = saved.InputNeedsGradient ? g.mm(weight).addmm_(gUp, down, 1, 1).view(saved.InputShape) : null;
        held.Free();
        return [dx, null, null, dDown, dUp, null];
    });
}
