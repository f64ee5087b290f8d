namespace Lowrank.Graphs;

/// <summary>Zeros: the latents of a picture that is yet to come.</summary>
sealed class EmptyLatentImage : GraphNode
{
    public override string ClassType => "EmptyLatentImage";

    public override string Title => "Empty Latent Image";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        WholeInput.LatentPixels("width", 512, 16),
        WholeInput.LatentPixels("height", 512, 16),
        new WholeInput("batch_size", 1, 1, 4096),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        long[] shape = [run.Whole("batch_size"), 4, run.Whole("height") / 8, run.Whole("width") / 8];
        return [new LatentValue(zeros(shape, dtype: ScalarType.Float32, device: CPU))];
    }
}
