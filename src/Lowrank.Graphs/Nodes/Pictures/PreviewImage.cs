namespace Lowrank.Graphs;

/// <summary>Saves pictures in the folder for previews.</summary>
sealed class PreviewImage : GraphNode
{
    public override string ClassType => "PreviewImage";

    public override string Title => "Preview Image";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [NodeInput.Link("images", GraphTypes.Image)];

    public override IReadOnlyList<string> Outputs { get; } = [];

    public override bool IsOutput => true;

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        SavedPictures.Preview(run, run.Get<ImageValue>("images").Pixels);
        return [];
    }
}
