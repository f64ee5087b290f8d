namespace Lowrank.Graphs;

/// <summary>Some rows of a batch, which keep their places in its noise.</summary>
sealed class LatentFromBatch : GraphNode
{
    public override string ClassType => "LatentFromBatch";

    public override string Title => "Latent From Batch";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples", GraphTypes.Latent),
        new WholeInput("batch_index", 0, 0, 63),
        new WholeInput("length", 1, 1, 64),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var latent = run.Get<LatentValue>("samples");
        int rows = (int)latent.Samples.shape[0];
        int first = Math.Min(rows - 1, run.Whole("batch_index")), length = Math.Min(rows - first, run.Whole("length"));
        return
        [
            latent with
            {
                Samples = latent.Samples.narrow(0, first, length).clone(),
                NoiseMask = latent.NoiseMask is { } mask ? OfRows(mask, rows, first, length) : null,
                BatchIndex = latent.BatchIndex is { } places ? [.. places.Skip(first).Take(length)] : [.. Enumerable.Range(first, length)],
            },
        ];
    }

    // One mask serves all rows.
    static Tensor OfRows(Tensor mask, int rows, int first, int length) =>
        mask.shape[0] == 1 ? mask : Batches.Repeated(mask, Math.Max(rows, mask.shape[0])).narrow(0, first, length).clone();
}
