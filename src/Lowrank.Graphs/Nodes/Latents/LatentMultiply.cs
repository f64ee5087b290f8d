namespace Lowrank.Graphs;

/// <summary>Latents times a number.</summary>
sealed class LatentMultiply : GraphNode
{
    public override string ClassType => "LatentMultiply";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples", GraphTypes.Latent),
        new NumberInput("multiplier", 1, -10, 10),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var latent = run.Get<LatentValue>("samples");
        return [latent with { Samples = latent.Samples * run.Number("multiplier") }];
    }
}
