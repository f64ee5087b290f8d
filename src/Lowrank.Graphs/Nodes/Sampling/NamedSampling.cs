namespace Lowrank.Graphs;

/// <summary>What the two KSampler nodes have in common: a sampler and a schedule by name, two prompts, and a seed.</summary>
/// <param name="run">The node's inputs.</param>
/// <param name="seed">The name of its seed.</param>
sealed class NamedSampling(NodeRun run, string seed)
{
    readonly string name = run.Choice("sampler_name");
    readonly string schedule = run.Choice("scheduler");
    readonly ModelValue model = run.Get<ModelValue>("model");

    /// <summary>The sigmas of so many steps.</summary>
    public float[] Sigmas(int steps) => NamedSampler.Sigmas(name, steps, n => ComfySchedules.Sigmas(schedule, model.Sampling, n));

    /// <summary>The latents that sampling along sigmas ends with.</summary>
    public LatentValue Run(IReadOnlyList<float> sigmas, bool hasNoise)
    {
        var (positive, negative) = (run.Get<ConditioningValue>("positive"), run.Get<ConditioningValue>("negative"));
        var guider = new TwoSidedGuider(model, positive, negative, run.Number("cfg"));
        var noise = new NoiseValue(run.Seed(seed), !hasNoise);
        return new GraphSampling(run, guider).Run(NamedSampler.Of(name), noise, sigmas, run.Get<LatentValue>("latent_image")).Latent;
    }
}
