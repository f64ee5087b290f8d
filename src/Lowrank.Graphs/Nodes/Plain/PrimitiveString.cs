namespace Lowrank.Graphs;

/// <summary>A text.</summary>
sealed class PrimitiveString : GraphNode
{
    public override string ClassType => "PrimitiveString";

    public override string Title => "String";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [new TextInput("value")];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Text];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) => [run.Get<TextValue>("value")];
}
