namespace Lowrank.Torch;

sealed class MadeWeightFunction : autograd.SingleTensorFunction<MadeWeightFunction>
{
    public override string Name => nameof(MadeWeightFunction);

    sealed record Saved(Func<Tensor> Build, Action? Reached, Tensor[] Leaves, byte[] Random);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var build = (Func<Tensor>)vars[0];
        Backward.Save(ctx, vars, new Saved(build, vars[1] as Action, [.. vars.Skip(2).Cast<Tensor>()], RandomState.Capture()));
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(build());
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient)
    {
        var saved = Backward.Saved<Saved>(ctx);
        return Backward.Run(ctx, gradient, g => RandomState.Preserve<Tensor?[]>(() =>
        {
            saved.Reached?.Invoke();
            RandomState.Restore(saved.Random);
            using var grad = enable_grad();
            var weight = saved.Build();
            // Leaves of the bias alone do not lead to the weight: beside it stands each leaf itself, with a gradient of zeros, so that none
            // is without one.
            List<Tensor> made = [.. saved.Leaves.Select(leaf => leaf.alias())], given = [.. saved.Leaves.Select(leaf => zeros_like(leaf))];
            if (weight.requires_grad) (made, given) = ([weight, .. made], [g, .. given]);
            return [null, null, .. autograd.grad(made, saved.Leaves, given)];
        }));
    }
}
