namespace Lowrank.Graphs;

/// <summary>Parts sigmas in two where a share of the steps is left; the sigma there belongs to both.</summary>
sealed class SplitSigmasDenoise : GraphNode
{
    public override string ClassType => "SplitSigmasDenoise";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("sigmas", GraphTypes.Sigmas), new NumberInput("denoise", 1, 0, 1)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas, GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var sigmas = run.Get<SigmasValue>("sigmas").Sigmas;
        int left = (int)Math.Round(Math.Max(sigmas.Count - 1, 0) * run.Number("denoise"));
        // As in ComfyUI: where nothing is left, the first part is empty too.
        var first = left == 0 ? [] : sigmas.SkipLast(left);
        return [new SigmasValue([.. first]), new SigmasValue([.. sigmas.TakeLast(left + 1)])];
    }
}
