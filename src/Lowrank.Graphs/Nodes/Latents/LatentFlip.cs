namespace Lowrank.Graphs;

/// <summary>Latents upside down, or left for right.</summary>
sealed class LatentFlip : GraphNode
{
    public override string ClassType => "LatentFlip";

    public override string Title => "Flip Latent";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples", GraphTypes.Latent),
        new ChoiceInput("flip_method", "x-axis: vertically", "y-axis: horizontally"),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var latent = run.Get<LatentValue>("samples");
        return [latent with { Samples = latent.Samples.flip(run.Choice("flip_method")[0] == 'x' ? 2 : 3) }];
    }
}
