namespace Lowrank.Graphs;

/// <summary>Lets conditions hold in a rectangle alone, given in pixels.</summary>
sealed class ConditioningSetArea : GraphNode
{
    public override string ClassType => "ConditioningSetArea";

    public override string Title => "Conditioning (Set Area)";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("conditioning", GraphTypes.Conditioning),
        WholeInput.LatentPixels("width", 64, 64),
        WholeInput.LatentPixels("height", 64, 64),
        WholeInput.LatentPixels("x", 0, 0),
        WholeInput.LatentPixels("y", 0, 0),
        new NumberInput("strength", 1, 0, 10),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var area = new ConditionArea(Latent("height"), Latent("width"), Latent("y"), Latent("x"), IsShare: false);
        double strength = run.Number("strength");
        var conditions = run.Get<ConditioningValue>("conditioning");
        return [conditions.Each(own => own with { Area = area, Strength = strength, WithinMaskBounds = false })];

        int Latent(string name) => run.Whole(name) / 8;
    }
}
