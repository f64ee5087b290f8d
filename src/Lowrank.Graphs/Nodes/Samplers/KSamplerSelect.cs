namespace Lowrank.Graphs;

/// <summary>One of ComfyUI's samplers by its name.</summary>
sealed class KSamplerSelect : GraphNode
{
    public override string ClassType => "KSamplerSelect";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [ChoiceInput.Samplers("sampler_name")];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sampler];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) => [NamedSampler.Of(run.Choice("sampler_name"))];
}
