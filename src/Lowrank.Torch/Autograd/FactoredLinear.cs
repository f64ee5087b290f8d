namespace Lowrank.Torch;

/// <summary>y = x W'ᵀ + b with W' of a few small leaves, whose gradients come from x and the answer's gradient, never from the gradient of W' itself.</summary>
/// <remarks>
/// What a step costs then is what it costs without any adapter, two products of the weight's size, and little beside: the gradient of W' would be a third.
/// W' is built twice and never kept; where the tokens are fewer than the weight's rows or columns and a map of them does the same, it is not built at all.
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

/// <summary>What one pass through a linear layer leaves for its backward.</summary>
public sealed class LinearPass
{
    readonly Lazy<Tensor> answer, inputGradient;

    internal LinearPass(Tensor x, Tensor gradient, Func<Tensor> answer, Func<Tensor?, Tensor> inputGradient) =>
        (X, Gradient, this.answer, this.inputGradient) = (x, gradient, new(answer), new(() => inputGradient(TurnedBack)));

    /// <summary>Input (tokens, in).</summary>
    public Tensor X { get; }

    /// <summary>The answer's gradient (tokens, out).</summary>
    public Tensor Gradient { get; }

    /// <summary>The answer without the bias (tokens, out): what was kept of it, or computed again where that was changed in place.</summary>
    public Tensor Answer => answer.Value;

    /// <summary>The answer's gradient through <see cref="LinearFactors.OfAnswer"/>, from who found it on the way to the leaves' gradients.</summary>
    public Tensor? TurnedBack { get; set; }

    /// <summary>The input's gradient (tokens, in), which the layer before needs anyway.</summary>
    public Tensor InputGradient => inputGradient.Value;
}

sealed class FactoredLinearFunction : autograd.SingleTensorFunction<FactoredLinearFunction>
{
    const int Others = 4;   // arguments before the leaves

    public override string Name => nameof(FactoredLinearFunction);

    sealed record Saved(LinearFactors Factors, Held Tensors, Held Leaves, int Count, bool InputNeedsGradient, long[] InputShape, long Version)
    {
        public Tensor[] Values => [.. Enumerable.Range(0, Count).Select(i => Leaves[i])];
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (factors, x, weight, bias) = ((LinearFactors)vars[0], (Tensor)vars[1], (Tensor)vars[2], vars[3] as Tensor);
        Tensor[] leaves = [.. vars.Skip(Others).Cast<Tensor>()];
        using var scope = NewDisposeScope();
        var y = factors.Answer(x, weight, bias, leaves);
        bool keep = factors.KeepsAnswer;
        ctx.save_data("saved", new Saved(
            factors, new Held(x, weight, bias, keep ? y : null), new Held(leaves), leaves.Length, x.requires_grad, x.shape, keep ? y.Version() : 0));
        return scope.MoveToOuter(y);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient)
    {
        var saved = (Saved)ctx.get_data("saved");
        return Backward.Run(gradient, saved.Count + Others, gradientOut =>
        {
            var held = saved.Tensors;
            using var grad = no_grad();
            var (x, g) = (held[0].reshape(-1, saved.InputShape[^1]), gradientOut.reshape(-1, gradientOut.shape[^1]));
            var pass = new LinearPass(x, g, () => Answer(saved, x), turnedBack => InputGradient(saved, g, turnedBack));
            var leaves = saved.Factors.Gradients(pass, saved.Values);
            var dx = saved.InputNeedsGradient ? pass.InputGradient.view(saved.InputShape) : null;
            held.Free();
            saved.Leaves.Free();
            return [null, dx, null, null, .. leaves];
        });
    }

    static Tensor InputGradient(Saved saved, Tensor g, Tensor? turnedBack)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(saved.Factors.InputGradient(g, turnedBack, saved.Tensors[1], saved.Values));
    }

    static Tensor Answer(Saved saved, Tensor x)
    {
        var held = saved.Tensors;
        if (!held.Has(3) || held[3].Version() != saved.Version) return saved.Factors.Answer(x, held[1], null, saved.Values);
        var y = held[3].reshape(x.shape[0], -1);
        return held.Has(2) ? y - held[2] : y;
    }
}
