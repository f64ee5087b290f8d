namespace Lowrank.Graphs;

/// <summary>LMS with its order.</summary>
sealed class SamplerLMS : GraphNode
{
    public override string ClassType => "SamplerLMS";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [new WholeInput("order", 4, 1, 100)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sampler];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) =>
        [new SamplerValue(ComfySamplers.Create("lms", new SamplerOptions { Order = run.Whole("order") }))];
}
