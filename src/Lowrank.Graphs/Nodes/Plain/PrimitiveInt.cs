namespace Lowrank.Graphs;

/// <summary>A whole number.</summary>
sealed class PrimitiveInt : GraphNode
{
    public override string ClassType => "PrimitiveInt";

    public override string Title => "Int";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new WholeInput("value", null, -long.MaxValue, long.MaxValue) { IsSeed = true },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Whole];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) => [run.Get<WholeValue>("value")];
}
