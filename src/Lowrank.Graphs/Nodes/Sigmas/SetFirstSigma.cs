namespace Lowrank.Graphs;

/// <summary>Replaces the first sigma.</summary>
sealed class SetFirstSigma : GraphNode
{
    public override string ClassType => "SetFirstSigma";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("sigmas", GraphTypes.Sigmas), new NumberInput("sigma", 136, 0, 20000, 0.001) { IsRounded = false }];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        float first = (float)run.Number("sigma");
        return [new SigmasValue([first, .. run.Get<SigmasValue>("sigmas").Sigmas.Skip(1)])];
    }
}
