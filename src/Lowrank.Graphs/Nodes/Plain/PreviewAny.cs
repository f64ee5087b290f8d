namespace Lowrank.Graphs;

/// <summary>Shows a value as text.</summary>
sealed class PreviewAny : GraphNode
{
    public override string ClassType => "PreviewAny";

    public override string Title => "Preview Any";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [NodeInput.Link("source", GraphTypes.Any)];

    public override IReadOnlyList<string> Outputs { get; } = [];

    public override bool IsOutput => true;

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        run.Shows.Texts.Add(run.Find<GraphValue>("source") is { } value ? ValueText.Of(value) : "None");
        return [];
    }
}
