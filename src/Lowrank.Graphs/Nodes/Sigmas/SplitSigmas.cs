namespace Lowrank.Graphs;

/// <summary>Parts sigmas in two at a step; the sigma there belongs to both.</summary>
sealed class SplitSigmas : GraphNode
{
    public override string ClassType => "SplitSigmas";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("sigmas", GraphTypes.Sigmas), new WholeInput("step", 0, 0, 10000)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas, GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var sigmas = run.Get<SigmasValue>("sigmas").Sigmas;
        int step = run.Whole("step");
        return [new SigmasValue([.. sigmas.Take(step + 1)]), new SigmasValue([.. sigmas.Skip(step)])];
    }
}
