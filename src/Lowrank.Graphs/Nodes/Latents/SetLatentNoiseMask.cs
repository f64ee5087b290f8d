namespace Lowrank.Graphs;

/// <summary>Where sampling changes the latents.</summary>
sealed class SetLatentNoiseMask : GraphNode
{
    public override string ClassType => "SetLatentNoiseMask";

    public override string Title => "Set Latent Noise Mask";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples", GraphTypes.Latent),
        NodeInput.Link("mask", GraphTypes.Mask),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var mask = run.Get<MaskValue>("mask").Mask;
        return [run.Get<LatentValue>("samples") with { NoiseMask = mask.reshape(-1, 1, mask.shape[^2], mask.shape[^1]) }];
    }
}
