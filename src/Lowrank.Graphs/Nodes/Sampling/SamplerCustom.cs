namespace Lowrank.Graphs;

/// <summary>Samples latents under two prompts with a sampler and sigmas of one's own.</summary>
sealed class SamplerCustom : GraphNode
{
    public override string ClassType => "SamplerCustom";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        new FlagInput("add_noise", true),
        WholeInput.Seed("noise_seed"),
        new NumberInput("cfg", 8, 0, 100, 0.1) { Round = 0.01 },
        NodeInput.Link("positive", GraphTypes.Conditioning),
        NodeInput.Link("negative", GraphTypes.Conditioning),
        NodeInput.Link("sampler", GraphTypes.Sampler),
        NodeInput.Link("sigmas", GraphTypes.Sigmas),
        NodeInput.Link("latent_image", GraphTypes.Latent),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent, GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (positive, negative) = (run.Get<ConditioningValue>("positive"), run.Get<ConditioningValue>("negative"));
        var guider = new TwoSidedGuider(run.Get<ModelValue>("model"), positive, negative, run.Number("cfg"));
        var noise = new NoiseValue(run.Seed("noise_seed"), !run.Flag("add_noise"));
        var sampled = new GraphSampling(run, guider).Run(
            run.Get<SamplerValue>("sampler"), noise, run.Get<SigmasValue>("sigmas").Sigmas, run.Get<LatentValue>("latent_image"));
        return [sampled.Latent, sampled.Denoised];
    }
}
