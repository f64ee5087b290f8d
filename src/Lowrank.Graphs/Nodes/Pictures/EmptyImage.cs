namespace Lowrank.Graphs;

/// <summary>Pictures of one colour, 0xRRGGBB.</summary>
sealed class EmptyImage : GraphNode
{
    public override string ClassType => "EmptyImage";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        WholeInput.Pixels("width", 512, 1),
        WholeInput.Pixels("height", 512, 1),
        new WholeInput("batch_size", 1, 1, 4096),
        new WholeInput("color", 0, 0, 0xFFFFFF, 1) { IsColour = true },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Image];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        int colour = run.Whole("color");
        float[] channels = [(colour >> 16 & 255) / 255f, (colour >> 8 & 255) / 255f, (colour & 255) / 255f];
        long[] shape = [run.Whole("batch_size"), run.Whole("height"), run.Whole("width"), channels.Length];
        return [new ImageValue(tensor(channels, device: CPU).expand(shape).clone())];
    }
}
