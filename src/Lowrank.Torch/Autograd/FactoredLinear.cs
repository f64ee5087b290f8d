namespace Lowrank.Torch;

/// <summary>y = x W'ᵀ + b with W' built from a few small leaves, whose gradients come from x and the answer's gradient, never from the gradient of W' itself.</summary>
/// <remarks>
/// What a step costs then is what it costs without any adapter, two products of the weight's size, and little beside: the gradient of W' would be a third.
/// W' is built twice and never kept.
/// </remarks>
public static class FactoredLinear
{
    /// <summary>The answer.</summary>
    /// <param name="x">Input (..., in).</param>
    /// <param name="leaves">What W' depends on; their values are asked for again in backward.</param>
    /// <param name="bias">Frozen bias (out), in x's dtype, or null.</param>
    /// <param name="build">W' (out, in), in x's dtype, without a graph.</param>
    /// <param name="gradients">The leaves' gradients, in their order, from the pass.</param>
    /// <param name="keepAnswer">Whether <paramref name="gradients"/> asks for the answer; it is kept as a view, which costs nothing where the next layer keeps it too.</param>
    public static Tensor Run(Tensor x, IReadOnlyList<Tensor> leaves, Tensor? bias, Func<Tensor> build, Func<LinearPass, Tensor?[]> gradients, bool keepAnswer = false)
    {
        if (is_grad_enabled()) return FactoredLinearFunction.apply([build, gradients, keepAnswer, x, bias!, .. leaves]);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(nn.functional.linear(x, build(), bias));
    }
}

/// <summary>What one pass through a linear layer leaves for its backward.</summary>
public sealed class LinearPass
{
    readonly Lazy<Tensor> answer;

    internal LinearPass(Tensor x, Tensor gradient, Func<Tensor> answer) => (X, Gradient, this.answer) = (x, gradient, new(answer));

    /// <summary>Input (tokens, in).</summary>
    public Tensor X { get; }

    /// <summary>The answer's gradient (tokens, out).</summary>
    public Tensor Gradient { get; }

    /// <summary>The answer without the bias (tokens, out): what was kept of it, or computed again where that was changed in place.</summary>
    public Tensor Answer => answer.Value;
}

sealed class FactoredLinearFunction : autograd.SingleTensorFunction<FactoredLinearFunction>
{
    public override string Name => nameof(FactoredLinearFunction);

    sealed record Saved(Func<Tensor> Build, Func<LinearPass, Tensor?[]> Gradients, Held Tensors, bool InputNeedsGradient, long[] InputShape, long Version, int Leaves);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (build, gradients, keep, x, bias) = ((Func<Tensor>)vars[0], (Func<LinearPass, Tensor?[]>)vars[1], (bool)vars[2], (Tensor)vars[3], vars[4] as Tensor);
        using var scope = NewDisposeScope();
        var y = nn.functional.linear(x, build(), bias);
        ctx.save_data("saved", new Saved(build, gradients, new Held(x, bias, keep ? y : null), x.requires_grad, x.shape, keep ? y.Version() : 0, vars.Length - 5));
        return scope.MoveToOuter(y);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient)
    {
        var saved = (Saved)ctx.get_data("saved");
        return Backward.Run(gradient, saved.Leaves + 5, gradientOut =>
        {
            var held = saved.Tensors;
            using var grad = no_grad();
            var (x, g) = (held[0].reshape(-1, saved.InputShape[^1]), gradientOut.reshape(-1, gradientOut.shape[^1]));
            var dx = saved.InputNeedsGradient ? Product(g, saved.Build).view(saved.InputShape) : null;
            var leaves = saved.Gradients(new LinearPass(x, g, () => Answer(saved, x)));
            held.Free();
            return [null, null, null, dx, null, .. leaves];
        });
    }

    static Tensor Product(Tensor g, Func<Tensor> build)
    {
        using var weight = build();
        return g.mm(weight);
    }

    static Tensor Answer(Saved saved, Tensor x)
    {
        var held = saved.Tensors;
        if (!held.Has(2) || held[2].Version() != saved.Version) return nn.functional.linear(x, saved.Build());
        var y = held[2].reshape(x.shape[0], -1);
        return held.Has(1) ? y - held[1] : y;
    }
}
