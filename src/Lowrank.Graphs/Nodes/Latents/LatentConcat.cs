namespace Lowrank.Graphs;

/// <summary>Two latents side by side, or one below the other.</summary>
sealed class LatentConcat : GraphNode
{
    public override string ClassType => "LatentConcat";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples1", GraphTypes.Latent),
        NodeInput.Link("samples2", GraphTypes.Latent),
        new ChoiceInput("dim", "x", "-x", "y", "-y") { IsUnchecked = true },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var first = run.Get<LatentValue>("samples1");
        var second = Batches.Repeated(run.Get<LatentValue>("samples2").Samples, first.Samples.shape[0]);
        string direction = run.Choice("dim");
        Tensor[] row = direction[0] == '-' ? [second, first.Samples] : [first.Samples, second];
        return [first with { Samples = cat(row, direction[^1] == 'x' ? 3 : 2) }];
    }
}
