namespace Lowrank.Graphs;

/// <summary>A batch several times over.</summary>
sealed class RepeatLatentBatch : GraphNode
{
    public override string ClassType => "RepeatLatentBatch";

    public override string Title => "Repeat Latent Batch";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples", GraphTypes.Latent),
        new WholeInput("amount", 1, 1, 64),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var latent = run.Get<LatentValue>("samples");
        int amount = run.Whole("amount");
        return
        [
            latent with
            {
                Samples = latent.Samples.repeat(amount, 1, 1, 1),
                NoiseMask = latent.NoiseMask is { } mask && mask.shape[0] > 1 ? mask.repeat(amount, 1, 1, 1) : latent.NoiseMask,
                BatchIndex = latent.BatchIndex is { } places ? Repeated(places, amount) : null,
            },
        ];
    }

    // Each time with noise of its own: beyond the places that were taken before.
    static List<int> Repeated(IReadOnlyList<int> places, int amount)
    {
        int offset = places.Max() - places.Min() + 1;
        return [.. Enumerable.Range(0, amount).SelectMany(time => places.Select(place => place + time * offset))];
    }
}
