namespace Lowrank.Torch;

/// <summary>Gradient checkpointing: a block's intermediates are dropped after its forward pass and computed again in backward.</summary>
public static class Checkpoint
{
    [ThreadStatic] static bool isRepeated;

    /// <summary>Whether this thread computes, without recording, what is computed and recorded again in backward: each step must give the
    /// bits then that it gives now.</summary>
    public static bool IsRepeated => isRepeated;

    /// <summary>Computes a block that will be computed again.</summary>
    internal static Tensor First(Func<Tensor[], Tensor> block, Tensor[] inputs)
    {
        bool before = isRepeated;
        isRepeated = true;
        try { return block(inputs); }
        finally { isRepeated = before; }
    }

    /// <summary>block(inputs) with only the inputs kept; values and gradients are exactly those of the plain call.</summary>
    /// <param name="block">Pure but for random numbers of the default generator, whose state is saved and restored. It may capture
    /// parameters, which get their gradients; a tensor with a history of its own must come as an input instead.</param>
    /// <param name="inputs">What the block gets, in order.</param>
    public static Tensor Run(Func<Tensor[], Tensor> block, params Tensor[] inputs)
    {
        if (!is_grad_enabled()) return block(inputs);
        // Without an input that wants a gradient the call would not be recorded, and adapters inside the block would get none.
        using var anchor = empty(0, requires_grad: true, device: inputs.FirstOrDefault()?.device ?? CPU);
        return CheckpointFunction.apply([block, anchor, .. inputs]);
    }

    /// <summary>The same for a block of one input.</summary>
    public static Tensor Run(Func<Tensor, Tensor> block, Tensor x) => Run(inputs => block(inputs[0]), [x]);
}
