namespace Lowrank.Models;

/// <summary>A layer whose intermediates are dropped after its forward pass and computed again in backward.</summary>
static class RepeatedLayer
{
    /// <summary>Runs it; the pass may be freed then, and the second time has one of its own.</summary>
    /// <param name="pass">What the layers of the forward pass share.</param>
    /// <param name="layer">Computes the layer of its inputs and a pass.</param>
    /// <param name="inputs">What the layer reads that has a history, or that its caller may free.</param>
    /// <exception cref="LowrankException">The pass has a cache, or keeps what routers say.</exception>
    public static Tensor Run(Pass pass, Func<Tensor[], Pass, Tensor> layer, params Tensor[] inputs)
    {
        RefuseKept(pass);
        int count = inputs.Length;
        return Checkpoint.Run(all =>
        {
            if (Checkpoint.IsRepeated) return layer(all, pass);
            using var again = pass.Again(all[count..]);
            return layer(all, again);
        }, [.. inputs, .. pass.Given]);
    }

    static void RefuseKept(Pass pass)
    {
        if (pass.Cache is not null)
            throw new LowrankException("layers that are computed again in backward would add their keys to a cache twice, and a prefix " +
                "(prefix tuning) stands in one. Set GradientCheckpointing to false, or run under no_grad.");
        if (pass.Routers is not null)
            throw new LowrankException("what routers say has no gradient where layers are computed again in backward. Set " +
                "GradientCheckpointing or KeepsRouters to false, or run under no_grad.");
    }
}
