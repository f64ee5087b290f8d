namespace Lowrank.Graphs;

/// <summary>A mask whose sides fade out.</summary>
sealed class FeatherMask : GraphNode
{
    public override string ClassType => "FeatherMask";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("mask", GraphTypes.Mask),
        WholeInput.Pixels("left", 0, 0),
        WholeInput.Pixels("top", 0, 0),
        WholeInput.Pixels("right", 0, 0),
        WholeInput.Pixels("bottom", 0, 0),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Mask];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var mask = run.Get<MaskValue>("mask").Mask.clone();
        var (_, height, width) = mask.shape;
        Fade(mask, 2, Math.Min(run.Whole("left"), width), i => i);
        Fade(mask, 1, Math.Min(run.Whole("top"), height), i => i);
        // ComfyUI counts columns -0, -1, -2, ... from the end: the first one is dimmed, and the last but one is the last.
        bool slips = run.Settings.LikeComfyUi;
        Fade(mask, 2, Math.Min(run.Whole("right"), width), i => slips ? (width - i) % width : width - 1 - i);
        Fade(mask, 1, Math.Min(run.Whole("bottom"), height), i => slips ? (height - i) % height : height - 1 - i);
        if (!slips && run.Whole("right") + run.Whole("bottom") > 0)
            run.Note("right and bottom fade from the last column and row; ComfyUI dims the first ones instead of these.");
        return [new MaskValue(mask)];
    }

    static void Fade(Tensor mask, int axis, long count, Func<long, long> place)
    {
        for (long i = 0; i < count; i++) mask.select(axis, place(i)).mul_((i + 1.0) / count);
    }
}
