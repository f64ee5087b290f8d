namespace Lowrank.Torch;

/// <summary>A layer run with a weight that is built from a few small leaves: the weight is built again in backward rather than kept, and so is nothing on the way to it.</summary>
/// <remarks>A graph through the building would keep several tensors of the weight's size a layer, more than the activations of a small batch.</remarks>
public static class BuiltWeight
{
    /// <summary>run(x, build()), with gradients for x and the leaves.</summary>
    /// <param name="x">Input.</param>
    /// <param name="leaves">What the built weight depends on and wants gradients for.</param>
    /// <param name="build">Weight and bias from the leaves, in x's dtype. Pure but for random numbers of the default generator, which are drawn alike both times.</param>
    /// <param name="run">The layer; it and its gradients are asked of libtorch.</param>
    public static Tensor Run(Tensor x, IReadOnlyList<Tensor> leaves, Func<(Tensor Weight, Tensor? Bias)> build, Func<Tensor, Tensor, Tensor?, Tensor> run)
    {
        if (is_grad_enabled()) return BuiltWeightFunction.apply([build, run, x, .. leaves]);
        using var scope = NewDisposeScope();
        var (weight, bias) = build();
        return scope.MoveToOuter(run(x, weight, bias));
    }

    /// <summary>build(), with gradients for the leaves: for a layer whose code is not ours, which is run with the weight that is put in its place.</summary>
    /// <param name="leaves">What the built weight depends on and wants gradients for.</param>
    /// <param name="build">The weight from the leaves; see <see cref="Run"/>.</param>
    /// <param name="reached">Called when a gradient comes back for the weight: whoever got it has used it.</param>
    public static Tensor Make(IReadOnlyList<Tensor> leaves, Func<Tensor> build, Action? reached = null)
    {
        if (is_grad_enabled() && leaves.Any(l => l.requires_grad)) return MadeWeightFunction.apply([build, reached!, .. leaves]);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(build());
    }
}

sealed class MadeWeightFunction : autograd.SingleTensorFunction<MadeWeightFunction>
{
    public override string Name => nameof(MadeWeightFunction);

    sealed record Saved(Func<Tensor> Build, Action? Reached, Tensor[] Leaves, byte[] Random);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var build = (Func<Tensor>)vars[0];
        ctx.save_data("saved", new Saved(build, vars[1] as Action, [.. vars.Skip(2).Cast<Tensor>()], RandomState.Capture()));
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(build());
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient)
    {
        var saved = (Saved)ctx.get_data("saved");
        return Backward.Run(gradient, saved.Leaves.Length + 2, g => RandomState.Preserve<Tensor?[]>(() =>
        {
            saved.Reached?.Invoke();
            RandomState.Restore(saved.Random);
            using var grad = enable_grad();
            var weight = saved.Build();
            // Leaves of the bias alone do not lead to the weight: beside it stands each leaf itself, with a gradient of zeros, so that none is without one.
            List<Tensor> made = [.. saved.Leaves.Select(leaf => leaf.alias())], given = [.. saved.Leaves.Select(leaf => zeros_like(leaf))];
            if (weight.requires_grad) (made, given) = ([weight, .. made], [g, .. given]);
            return [null, null, .. autograd.grad(made, saved.Leaves, given)];
        }));
    }
}

sealed class BuiltWeightFunction : autograd.SingleTensorFunction<BuiltWeightFunction>
{
    public override string Name => nameof(BuiltWeightFunction);

    sealed record Saved(Func<(Tensor Weight, Tensor? Bias)> Build, Func<Tensor, Tensor, Tensor?, Tensor> Run, Held X, bool InputNeedsGradient, Tensor[] Leaves, byte[] Random);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (build, run, x) = ((Func<(Tensor Weight, Tensor? Bias)>)vars[0], (Func<Tensor, Tensor, Tensor?, Tensor>)vars[1], (Tensor)vars[2]);
        ctx.save_data("saved", new Saved(build, run, new Held(x), x.requires_grad, [.. vars.Skip(3).Cast<Tensor>()], RandomState.Capture()));
        using var scope = NewDisposeScope();
        var (weight, bias) = build();
        return scope.MoveToOuter(run(x, weight, bias));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient)
    {
        var saved = (Saved)ctx.get_data("saved");
        return Backward.Run(gradient, saved.Leaves.Length + 3, g => RandomState.Preserve<Tensor?[]>(() =>
        {
            RandomState.Restore(saved.Random);
            var (dx, leaves) = Gradients(saved, saved.X[0], g);
            saved.X.Free();
            return [null, null, dx, .. leaves];
        }));
    }

    // The weight is built with its graph, the layer run on a leaf in its place; then the leaf's gradient goes on through the building.
    static (Tensor?, Tensor?[]) Gradients(Saved saved, Tensor x, Tensor g)
    {
        using var grad = enable_grad();
        var (weight, bias) = saved.Build();
        var input = x.is_floating_point() ? x.detach().requires_grad_(saved.InputNeedsGradient) : x;
        var weightLeaf = weight.detach().requires_grad_(weight.requires_grad);
        var biasLeaf = bias?.requires_grad == true ? bias.detach().requires_grad_() : null;
        List<Tensor> made = [], wanted = [];
        if (weight.requires_grad) (made, wanted) = ([weight], [weightLeaf]);
        if (biasLeaf is not null)
        {
            made.Add(bias!);
            wanted.Add(biasLeaf);
        }
        if (saved.InputNeedsGradient) wanted.Add(input);
        var of = autograd.grad([saved.Run(input, weightLeaf, biasLeaf ?? bias)], wanted, [g]);
        Tensor?[] leaves = saved.Leaves.Length == 0 ? [] : [.. autograd.grad(made, saved.Leaves, [.. of.Take(made.Count).Select(t => t!)], allow_unused: true)];
        return (saved.InputNeedsGradient ? of[^1] : null, leaves);
    }
}
