namespace Lowrank.Graphs;

/// <summary>Noise by a seed.</summary>
public sealed class RandomNoise : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "RandomNoise";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } = [WholeInput.Seed("noise_seed")];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Noise];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run) => [new NoiseValue(run.Seed("noise_seed"))];
}
