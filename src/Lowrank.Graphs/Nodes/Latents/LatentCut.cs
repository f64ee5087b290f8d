namespace Lowrank.Graphs;

/// <summary>A stretch of latents along one side.</summary>
sealed class LatentCut : GraphNode
{
    public override string ClassType => "LatentCut";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples", GraphTypes.Latent),
        new ChoiceInput("dim", "x", "y") { IsUnchecked = true },
        new WholeInput("index", 0, -WholeInput.MaxSize, WholeInput.MaxSize, 1),
        new WholeInput("amount", 1, 1, WholeInput.MaxSize, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var latent = run.Get<LatentValue>("samples");
        int axis = run.Choice("dim") == "x" ? 3 : 2;
        long size = latent.Samples.shape[axis], index = run.Whole("index");
        long from = index >= 0 ? Math.Min(index, size - 1) : size + Math.Max(index, -size);   // below 0: from the end
        return [latent with { Samples = latent.Samples.Cut(axis, from, from + run.Whole("amount")).clone() }];
    }
}
