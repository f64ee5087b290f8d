namespace Lowrank.Torch;

/// <summary>Rounds float32 to bfloat16 up or down by chance, so that steps too small for bfloat16 are taken on average.</summary>
/// <remarks>To nearest, a step below 1/256 of a weight vanishes. Zamirai et al. 2020, arXiv 2010.06192.</remarks>
static class StochasticRounding
{
    const int FractionBits = 7;

    /// <summary>Writes values into a parameter of fewer bits.</summary>
    /// <param name="values">float32.</param>
    /// <param name="parameter">bfloat16 by chance; anything else to the nearest.</param>
    /// <param name="seed">Decides the chance: the same bits for the same seed.</param>
    public static void Store(Tensor values, Tensor parameter, ulong seed)
    {
        if (parameter.dtype == ScalarType.BFloat16) parameter.copy_(Rounded(values, seed));
        else parameter.copy_(values);
    }

    /// <summary>The values, each as one of its two neighbours in bfloat16, the nearer one more often; NaN and infinity stay.</summary>
    public static Tensor Rounded(Tensor values, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed, CPU);
        var drawn = rand(values.shape, dtype: ScalarType.Float32, device: CPU, generator: generator).to(values.device);
        // What a step of bfloat16 is at the value's size: a power of two, so that to divide by it and back loses nothing.
        var step = (values.abs().log2().floor() - FractionBits).exp2();
        var rounded = (values / step).add_(drawn).floor_().mul_(step);
        return where(rounded.isfinite(), rounded, values).MoveToOuterDisposeScope();
    }
}
