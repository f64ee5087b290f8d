namespace Lowrank.Graphs;

/// <summary>One latent laid on another, its edges faded; places are told in pixels.</summary>
sealed class LatentComposite : GraphNode
{
    public override string ClassType => "LatentComposite";

    public override string Title => "Latent Composite";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples_to", GraphTypes.Latent),
        NodeInput.Link("samples_from", GraphTypes.Latent),
        WholeInput.LatentPixels("x", 0, 0),
        WholeInput.LatentPixels("y", 0, 0),
        WholeInput.LatentPixels("feather", 0, 0),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (ground, laid) = (run.Get<LatentValue>("samples_to"), run.Get<LatentValue>("samples_from"));
        int x = run.Whole("x") / 8, y = run.Whole("y") / 8, feather = run.Whole("feather") / 8;
        var (_, _, height, width) = ground.Samples.shape;
        var made = ground.Samples.clone();
        var part = laid.Samples.Cut(2, 0, height - y).Cut(3, 0, width - x);
        var place = made.Cut(2, y, y + part.shape[2]).Cut(3, x, x + part.shape[3]);
        bool reachesRight = x + part.shape[3] >= width, reachesBottom = y + part.shape[2] >= height;
        var share = Fade(part, feather, (x != 0, y != 0, !reachesRight, !reachesBottom));
        place.copy_(part * share + place * (1 - share));
        return [ground with { Samples = made }];
    }

    // By 1/f, 2/f, ... from each side that is not the ground's edge; ones without feather.
    static Tensor Fade(Tensor part, int feather, (bool Left, bool Top, bool Right, bool Bottom) fades)
    {
        var share = ones_like(part);
        var (_, _, height, width) = part.shape;
        for (int i = 0; i < feather; i++)
        {
            double level = 1.0 / feather * (i + 1);
            if (fades.Top) share.Cut(2, i, i + 1).mul_(level);
            if (fades.Bottom) share.Cut(2, height - 1 - i, height - i).mul_(level);
            if (fades.Left) share.Cut(3, i, i + 1).mul_(level);
            if (fades.Right) share.Cut(3, width - 1 - i, width - i).mul_(level);
        }
        return share;
    }
}
