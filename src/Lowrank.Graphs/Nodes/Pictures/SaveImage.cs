namespace Lowrank.Graphs;

/// <summary>Saves pictures as PNG with the graph that made them.</summary>
sealed class SaveImage : GraphNode
{
    public override string ClassType => "SaveImage";

    public override string Title => "Save Image";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("images", GraphTypes.Image),
        new TextInput("filename_prefix", "ComfyUI"),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [];

    public override bool IsOutput => true;

    public override IEnumerable<string> Faults(PlacedNode node, GraphFolders folders) => SavedNames.Faults(node, folders);

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        SavedPictures.Save(run, run.Get<ImageValue>("images").Pixels, run.Settings.Folders.Output, run.Text("filename_prefix"), "output");
        return [];
    }
}
