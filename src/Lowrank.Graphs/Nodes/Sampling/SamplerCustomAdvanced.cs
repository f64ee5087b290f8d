namespace Lowrank.Graphs;

/// <summary>Samples latents with noise, guider, sampler and sigmas of one's own.</summary>
sealed class SamplerCustomAdvanced : GraphNode
{
    public override string ClassType => "SamplerCustomAdvanced";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("noise", GraphTypes.Noise),
        NodeInput.Link("guider", GraphTypes.Guider),
        NodeInput.Link("sampler", GraphTypes.Sampler),
        NodeInput.Link("sigmas", GraphTypes.Sigmas),
        NodeInput.Link("latent_image", GraphTypes.Latent),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent, GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var sampled = new GraphSampling(run, run.Get<GuiderValue>("guider")).Run(
            run.Get<SamplerValue>("sampler"), run.Get<NoiseValue>("noise"), run.Get<SigmasValue>("sigmas").Sigmas,
            run.Get<LatentValue>("latent_image"));
        return [sampled.Latent, sampled.Denoised];
    }
}
