namespace Lowrank.Torch;

/// <summary>Gradient checkpointing: a block's intermediates are dropped after its forward pass and computed again in backward.</summary>
public static class Checkpoint
{
    /// <summary>block(inputs) with only the inputs kept; values and gradients are exactly those of the plain call.</summary>
    /// <param name="block">Pure but for random numbers of the default generator, whose state is saved and restored. It may capture parameters, which get their
    /// gradients; a tensor with a history of its own must come as an input instead.</param>
    /// <param name="inputs">What the block gets, in order.</param>
    public static Tensor Run(Func<Tensor[], Tensor> block, params Tensor[] inputs)
    {
        if (!is_grad_enabled()) return block(inputs);
        // Without an input that wants a gradient the call would not be recorded, and adapters inside the block would get none.
        using var anchor = empty(0, requires_grad: true);
        return CheckpointFunction.apply([block, anchor, .. inputs]);
    }

    /// <summary>The same for a block of one input.</summary>
    public static Tensor Run(Func<Tensor, Tensor> block, Tensor x) => Run(inputs => block(inputs[0]), [x]);
}

sealed class CheckpointFunction : autograd.SingleTensorFunction<CheckpointFunction>
{
    public override string Name => nameof(CheckpointFunction);

    sealed record Saved(Func<Tensor[], Tensor> Block, Held Inputs, bool[] NeedGradient, byte[] Random);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var block = (Func<Tensor[], Tensor>)vars[0];
        Tensor[] inputs = [.. vars.Skip(2).Cast<Tensor>()];
        ctx.save_data("saved", new Saved(block, new Held(inputs), [.. inputs.Select(x => x.requires_grad)], RandomState.Capture()));
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(block(inputs));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient)
    {
        var saved = (Saved)ctx.get_data("saved");
        int count = saved.NeedGradient.Length;
        return Backward.Run(gradient, count + 2, g => RandomState.Preserve<Tensor?[]>(() =>
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
