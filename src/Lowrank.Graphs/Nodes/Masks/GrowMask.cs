namespace Lowrank.Graphs;

/// <summary>A mask grown, or shrunk, pixel by pixel.</summary>
sealed class GrowMask : GraphNode
{
    public override string ClassType => "GrowMask";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("mask", GraphTypes.Mask),
        new WholeInput("expand", 0, -WholeInput.MaxSize, WholeInput.MaxSize, 1),
        new FlagInput("tapered_corners", true),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Mask];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var mask = run.Get<MaskValue>("mask").Mask;
        int expand = run.Whole("expand");
        // Shrinking is growing of the other side.
        var grown = (expand < 0 ? -mask : mask).unsqueeze(1);
        for (int i = 0; i < Math.Abs(expand); i++)
        {
            using var before = grown;
            grown = Grown(before, run.Flag("tapered_corners"));
        }
        grown = grown.squeeze(1);
        return [new MaskValue(expand < 0 ? -grown : grown.clone())];
    }

    // The largest of a pixel and its four neighbours, or eight.
    static Tensor Grown(Tensor mask, bool isTapered) => isTapered
        ? maximum(nn.functional.max_pool2d(mask, [3, 1], [1, 1], [1, 0]), nn.functional.max_pool2d(mask, [1, 3], [1, 1], [0, 1]))
        : nn.functional.max_pool2d(mask, [3, 3], [1, 1], [1, 1]);
}
