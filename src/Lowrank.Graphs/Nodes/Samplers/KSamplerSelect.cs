namespace Lowrank.Graphs;

/// <summary>One of ComfyUI's samplers by its name.</summary>
public sealed class KSamplerSelect : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "KSamplerSelect";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } = [new ChoiceInput("sampler_name", [.. ComfySamplers.Names])];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sampler];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run) => [NamedSampler.Of(run.Choice("sampler_name"))];
}
