namespace Lowrank.Graphs;

/// <summary>Saves masks as grey pictures in the folder for previews.</summary>
sealed class MaskPreview : GraphNode
{
    public override string ClassType => "MaskPreview";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [NodeInput.Link("mask", GraphTypes.Mask)];

    public override IReadOnlyList<string> Outputs { get; } = [];

    public override bool IsOutput => true;

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var mask = run.Get<MaskValue>("mask").Mask;
        SavedPictures.Preview(run, mask.reshape(-1, mask.shape[^2], mask.shape[^1], 1).expand(-1, -1, -1, 3));
        return [];
    }
}
