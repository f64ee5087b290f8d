namespace Lowrank.Graphs;

/// <summary>Samples latents as ComfyUI's sampler nodes do.</summary>
/// <remarks>
/// After comfy/samplers.py (a125cd8). Latents are divided by the autoencoder's scaling factor between nodes, and empty ones stay as they
/// are.
/// </remarks>
/// <param name="node">The node that samples.</param>
/// <param name="guider">The network with what it is told.</param>
public sealed class GraphSampling(NodeRun node, GuiderValue guider)
{
    ModelValue Model => guider.Model;

    StableDiffusion Base => Model.Base.Model;

    /// <summary>Runs a sampler.</summary>
    /// <param name="sampler">The way down.</param>
    /// <param name="noise">The noise.</param>
    /// <param name="sigmas">The levels; none gives the latents back.</param>
    /// <param name="latent">What is sampled from.</param>
    public SampledLatents Run(SamplerValue sampler, NoiseValue noise, IReadOnlyList<float> sigmas, LatentValue latent)
    {
        if (sigmas.Count == 0) return new(latent, latent);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var weights = Model.Weights.Apply(Base);
        var watch = node.Settings.Watch;
        var device = Model.Base.Device;
        double scale = Base.VaeConfig.ScalingFactor;
        var given = latent.Samples.to(device);
        var latents = given.count_nonzero().ToInt64() > 0 ? given * scale : given;
        using var draws = noise.For(latent, device);
        var first = noise.IsEmpty ? zeros_like(latents) : draws.First();
        watch.Begins(node.Id, sigmas, first);

        var mask = latent.NoiseMask is { } whole ? NoiseMask.Fitted(whole, latents) : null;
        using var run = new GuidedRun(node, guider, sigmas, latents, mask, sampler.Sampler.AsksNegative) { Mixed = Mixed() };
        var start = first * StartScale(sigmas[0]) + latents;
        var ended = sigmas.Count == 1 ? start : run.Sample(sampler.Sampler, start, draws);
        watch.Ends();
        AssertFinite(ended);
        var result = latent with { Samples = scope.MoveToOuter((ended / scale).to(ScalarType.Float32).cpu()) };
        if (run.Denoised is not { } clean) return new(result, result);
        return new(result, latent with { Samples = scope.MoveToOuter((clean / scale).to(ScalarType.Float32).cpu()) });

        Tensor? Mixed()
        {
            if (mask is null || !sampler.MixesOtherNoise) return mask is null ? null : first;
            var other = noise.OtherFor(latent, device);
            watch.MixesIn(other);
            return other;
        }
    }

    // Nothing that is not finite becomes a picture, and ComfyUI saves a black one.
    static void AssertFinite(Tensor latents)
    {
        if (!latents.isfinite().all().ToBoolean())
            throw new SpoiltPictureException("the sampled latents are NaN or infinite, and no picture. " +
                "Look at the prompts' weights and the strengths of adapters; half-precision models may need `precision` f32.");
    }

    // Pure noise is as wide as signal and noise together.
    double StartScale(float sigma)
    {
        double highest = (float)Model.Sampling.Table.Max;
        bool isHighest = sigma > highest || Math.Abs(sigma - highest) <= 1e-5 * Math.Max(sigma, highest);
        return isHighest ? Math.Sqrt(1 + (double)sigma * sigma) : sigma;
    }
}
