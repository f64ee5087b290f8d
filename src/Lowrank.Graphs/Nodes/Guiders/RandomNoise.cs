namespace Lowrank.Graphs;

/// <summary>Noise by a seed.</summary>
sealed class RandomNoise : GraphNode
{
    public override string ClassType => "RandomNoise";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [WholeInput.Seed("noise_seed")];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Noise];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) => [new NoiseValue(run.Seed("noise_seed"))];
}
