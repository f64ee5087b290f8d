namespace Lowrank.Graphs;

/// <summary>Whether each row of a batch takes noise of its own, or all the first one's.</summary>
sealed class LatentBatchSeedBehavior : GraphNode
{
    public override string ClassType => "LatentBatchSeedBehavior";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples", GraphTypes.Latent),
        new ChoiceInput("seed_behavior", "random", "fixed") { Value = "fixed", IsUnchecked = true },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var latent = run.Get<LatentValue>("samples");
        if (run.Choice("seed_behavior") == "random") return [latent with { BatchIndex = null }];
        int place = latent.BatchIndex is [var first, ..] ? first : 0;
        return [latent with { BatchIndex = [.. Enumerable.Repeat(place, (int)latent.Samples.shape[0])] }];
    }
}
