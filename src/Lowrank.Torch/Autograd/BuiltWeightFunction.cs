namespace Lowrank.Torch;

sealed class BuiltWeightFunction : autograd.SingleTensorFunction<BuiltWeightFunction>
{
    public override string Name => nameof(BuiltWeightFunction);

    sealed record Saved(
        Func<(Tensor Weight, Tensor? Bias)> Build, Func<Tensor, Tensor, Tensor?, Tensor> Run,
        Held X, bool InputNeedsGradient, Tensor[] Leaves, byte[] Random);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var build = (Func<(Tensor Weight, Tensor? Bias)>)vars[0];
        var run = (Func<Tensor, Tensor, Tensor?, Tensor>)vars[1];
        var x = (Tensor)vars[2];
        Tensor[] leaves = [.. vars.Skip(3).Cast<Tensor>()];
        var held = new Held(x);
        Backward.Save(ctx, vars, new Saved(build, run, held, x.requires_grad, leaves, RandomState.Capture()), held);
        using var scope = NewDisposeScope();
        var (weight, bias) = build();
        return scope.MoveToOuter(run(x, weight, bias));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient)
    {
        var saved = Backward.Saved<Saved>(ctx);
        return Backward.Run(ctx, gradient, g => RandomState.Preserve<Tensor?[]>(() =>
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
        var dx = saved.InputNeedsGradient ? of[^1] : null;
        if (saved.Leaves.Length == 0) return (dx, []);
        List<Tensor> given = [.. of.Take(made.Count).Select(t => t!)];
        return (dx, [.. autograd.grad(made, saved.Leaves, given, allow_unused: true)]);
    }
}
