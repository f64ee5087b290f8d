namespace Lowrank.Torch;

sealed class CheckpointFunction : autograd.SingleTensorFunction<CheckpointFunction>
{
    public override string Name => nameof(CheckpointFunction);

    sealed record Saved(Func<Tensor[], Tensor> Block, Held Inputs, bool[] NeedGradient, byte[] Random);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var block = (Func<Tensor[], Tensor>)vars[0];
        Tensor[] inputs = [.. vars.Skip(2).Cast<Tensor>()];
        var held = new Held(inputs).Watching(inputs.Length);
        Backward.Save(ctx, vars, new Saved(block, held, [.. inputs.Select(x => x.requires_grad)], RandomState.Capture()), held);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Checkpoint.First(block, inputs));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient)
    {
        var saved = Backward.Saved<Saved>(ctx);
        int count = saved.NeedGradient.Length;
        return Backward.Run(ctx, gradient, g => RandomState.Preserve<Tensor?[]>(() =>
        {
            RandomState.Restore(saved.Random);
            using var grad = enable_grad();
            Tensor[] inputs = [.. Enumerable.Range(0, count).Select(i => saved.Inputs[i].detach().requires_grad_(saved.NeedGradient[i]))];
            saved.Inputs.Free();
            var y = saved.Block(inputs);
            if (y.requires_grad) autograd.backward([y], [g]);
            return [null, null, .. inputs.Select((x, i) => saved.NeedGradient[i] ? x.grad : null)];
        }));
    }
}
