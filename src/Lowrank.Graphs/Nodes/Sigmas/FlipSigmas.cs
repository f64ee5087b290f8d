namespace Lowrank.Graphs;

/// <summary>Turns sigmas round, so that a picture is led back to noise; a first 0 becomes 0.0001.</summary>
sealed class FlipSigmas : GraphNode
{
    public override string ClassType => "FlipSigmas";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [NodeInput.Link("sigmas", GraphTypes.Sigmas)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        float[] sigmas = [.. run.Get<SigmasValue>("sigmas").Sigmas.Reverse()];
        if (sigmas is [0, ..]) sigmas[0] = 0.0001f;
        return [new SigmasValue(sigmas)];
    }
}
