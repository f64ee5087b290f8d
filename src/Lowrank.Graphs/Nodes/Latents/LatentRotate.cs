namespace Lowrank.Graphs;

/// <summary>Latents turned clockwise.</summary>
sealed class LatentRotate : GraphNode
{
    public override string ClassType => "LatentRotate";

    public override string Title => "Rotate Latent";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples", GraphTypes.Latent),
        new ChoiceInput("rotation", "none", "90 degrees", "180 degrees", "270 degrees"),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var latent = run.Get<LatentValue>("samples");
        int quarters = run.Choice("rotation") switch { "90 degrees" => 1, "180 degrees" => 2, "270 degrees" => 3, _ => 0 };
        return [latent with { Samples = rot90(latent.Samples, quarters, (3, 2)) }];
    }
}
