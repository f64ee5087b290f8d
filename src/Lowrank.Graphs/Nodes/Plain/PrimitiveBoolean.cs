namespace Lowrank.Graphs;

/// <summary>A switch.</summary>
sealed class PrimitiveBoolean : GraphNode
{
    public override string ClassType => "PrimitiveBoolean";

    public override string Title => "Boolean";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [new FlagInput("value", null)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Flag];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) => [run.Get<FlagValue>("value")];
}
