namespace Lowrank.Graphs;

/// <summary>A text of several lines.</summary>
sealed class PrimitiveStringMultiline : GraphNode
{
    public override string ClassType => "PrimitiveStringMultiline";

    public override string Title => "String (Multiline)";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [new TextInput("value") { IsLong = true }];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Text];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) => [run.Get<TextValue>("value")];
}
