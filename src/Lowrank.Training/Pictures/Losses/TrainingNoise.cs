namespace Lowrank.Training;

/// <summary>What is added to a batch of latents: the noise the network must find, the noise it is shown, and at which level.</summary>
/// <param name="Noise">The target's noise, in the latents' shape.</param>
/// <param name="Shown">The input's noise; the same but for input perturbation.</param>
/// <param name="Timesteps">(B) int64 on the CPU.</param>
public sealed record TrainingNoise(Tensor Noise, Tensor Shown, Tensor Timesteps)
{
    /// <summary>Draws in the order of sd-scripts: noise, offset, pyramid, timesteps, perturbation. Belongs to the caller's scope.</summary>
    /// <param name="latents">(B, C, H, W); only an adaptive offset looks at the values.</param>
    /// <param name="levels">Number of noise levels.</param>
    /// <param name="options">What is drawn.</param>
    /// <param name="draws">Where from.</param>
    public static TrainingNoise Draw(Tensor latents, int levels, NoiseOptions options, IDraws draws)
    {
        using var scope = NewDisposeScope();
        var noise = draws.Normal(latents.shape).to(latents.device);
        if (options.Offset > 0) noise = WithOffset(noise, latents, options, draws);
        if (options.MultiresIterations > 0) noise = Pyramid(noise, options.MultiresIterations, options.MultiresDiscount, draws);
        var timesteps = Levels(latents.shape[0], levels, options, draws);
        var shown = noise;
        if (options.InputPerturbation > 0)
        {
            double gamma = options.InputPerturbation * (options.InputPerturbationRandomStrength ? draws.Uniform() : 1);
            shown = noise + gamma * draws.Normal(latents.shape).to(latents.device);
        }
        return new(scope.MoveToOuter(noise), scope.MoveToOuter(shown), scope.MoveToOuter(timesteps));
    }

    static Tensor Levels(long count, int levels, NoiseOptions options, IDraws draws)
    {
        int end = options.MaxTimestep ?? levels;
        return options.MinTimestep < end
            ? draws.Integers(options.MinTimestep, end, count)
            : full([count], end, ScalarType.Int64, CPU);
    }

    // ε + o·N per sample and channel, where o may be raised by the latents' own mean.
    static Tensor WithOffset(Tensor noise, Tensor latents, NoiseOptions options, IDraws draws)
    {
        double strength = options.Offset * (options.OffsetRandomStrength ? draws.Uniform() : 1);
        var draw = draws.Normal(latents.shape[0], latents.shape[1], 1, 1).to(latents.device);
        if (options.AdaptiveScale is not { } scale) return noise + strength * draw;
        var mean = latents.mean([2, 3], keepdim: true).abs();
        return noise + (strength + scale * mean).clamp_min(0) * draw;
    }

    // Noise with coarser noise laid over it, brought back to a deviation of 1. The zeroth level is as fine as the noise itself; a new ratio
    // is drawn at each level and raised to its number.
    static Tensor Pyramid(Tensor noise, int iterations, double discount, IDraws draws)
    {
        var (batch, channels, height, width) = noise.shape;
        for (int level = 0; level < iterations; level++)
        {
            double ratio = Math.Pow(draws.Uniform() * 2 + 2, level);
            (width, height) = (Math.Max(1, (long)(width / ratio)), Math.Max(1, (long)(height / ratio)));
            var coarse = draws.Normal(batch, channels, height, width).to(noise.device);
            var fine = nn.functional.interpolate(
                coarse, [noise.shape[2], noise.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false);
            noise = noise + fine * Math.Pow(discount, level);
            if (width == 1 || height == 1) break;
        }
        return noise / noise.std();
    }
}
