namespace Lowrank.Graphs;

/// <summary>LMS with its order.</summary>
public sealed class SamplerLMS : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "SamplerLMS";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } = [new WholeInput("order", 4, 1, 100)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sampler];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run) =>
        [new SamplerValue(ComfySamplers.Create("lms", new SamplerOptions { Order = run.Whole("order") }))];
}
