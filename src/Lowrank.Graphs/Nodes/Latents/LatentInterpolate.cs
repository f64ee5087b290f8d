namespace Lowrank.Graphs;

/// <summary>Two latents mixed at each place: directions and lengths over the channels apart.</summary>
sealed class LatentInterpolate : GraphNode
{
    public override string ClassType => "LatentInterpolate";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples1", GraphTypes.Latent),
        NodeInput.Link("samples2", GraphTypes.Latent),
        new NumberInput("ratio", 1, 0, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var first = run.Get<LatentValue>("samples1");
        var second = Batches.Fitted(run.Get<LatentValue>("samples2").Samples, first.Samples.shape);
        double ratio = run.Number("ratio");
        var (lengthOfFirst, lengthOfSecond) = (Length(first.Samples), Length(second));
        var direction = (first.Samples / lengthOfFirst).nan_to_num() * ratio + (second / lengthOfSecond).nan_to_num() * (1 - ratio);
        var mixed = (direction / Length(direction)).nan_to_num() * (lengthOfFirst * ratio + lengthOfSecond * (1 - ratio));
        return [first with { Samples = mixed }];
    }

    // ComfyUI's shapes only meet in a batch of one, where (1, H, W) and (1, 1, H, W) are the same.
    static Tensor Length(Tensor x) => linalg.vector_norm(x, 2, [1], keepdim: true);
}
