namespace Lowrank.Graphs;

/// <summary>No noise to start with.</summary>
sealed class DisableNoise : GraphNode
{
    public override string ClassType => "DisableNoise";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Noise];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) => [new NoiseValue(0, IsEmpty: true)];
}
