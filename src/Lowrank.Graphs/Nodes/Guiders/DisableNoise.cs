namespace Lowrank.Graphs;

/// <summary>No noise to start with.</summary>
public sealed class DisableNoise : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "DisableNoise";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } = [];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Noise];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run) => [new NoiseValue(0, IsEmpty: true)];
}
