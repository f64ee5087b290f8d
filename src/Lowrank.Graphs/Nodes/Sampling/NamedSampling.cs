namespace Lowrank.Graphs;

/// <summary>What the two KSampler nodes have in common: a sampler and a schedule by name, two prompts, and a seed.</summary>
/// <param name="run">The node's inputs.</param>
/// <param name="seed">The name of its seed.</param>
sealed class NamedSampling(NodeRun run, string seed)
{
    readonly string name = run.Choice("sampler_name");
    readonly string schedule = run.Choice("scheduler");
    readonly ModelValue model = run.Get<ModelValue>("model");

    /// <summary>The inputs that both have behind the seed.</summary>
    public static IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new WholeInput("steps", 20, 1, 10000),
        new NumberInput("cfg", 8, 0, 100, 0.1) { Round = 0.01 },
        ChoiceInput.Samplers("sampler_name"),
        new ChoiceInput("scheduler", [.. ComfySigmas.Names]),
        NodeInput.Link("positive", GraphTypes.Conditioning),
        NodeInput.Link("negative", GraphTypes.Conditioning),
        NodeInput.Link("latent_image", GraphTypes.Latent),
    ];

    /// <summary>The sigmas of the node's steps.</summary>
    /// <param name="denoise">Share of the noise, 0 to 1; 0 gives none.</param>
    public double[] Sigmas(double denoise = 1) =>
        ComfySigmas.ForKSampler(name, schedule, model.Sampling.Table, run.Whole("steps"), denoise);

    /// <summary>The latents that sampling along sigmas ends with.</summary>
    public LatentValue Run(IReadOnlyList<double> sigmas, bool hasNoise)
    {
        var (positive, negative) = (run.Get<ConditioningValue>("positive"), run.Get<ConditioningValue>("negative"));
        var guider = new TwoSidedGuider(model, positive, negative, run.Number("cfg"));
        var noise = new NoiseValue(run.Seed(seed), !hasNoise);
        var latent = run.Get<LatentValue>("latent_image");
        return new GraphSampling(run, guider).Run(NamedSampler.Of(name), noise, SigmasValue.Of(sigmas).Sigmas, latent).Latent;
    }
}
