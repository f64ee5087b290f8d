namespace Lowrank.Graphs;

/// <summary>Loads a picture, and what its alpha leaves clear as a mask.</summary>
sealed class LoadImage : GraphNode
{
    public override string ClassType => "LoadImage";

    public override string Title => "Load Image";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new ChoiceInput("image", InputFile.Pictures) { HasUpload = true },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Image, GraphTypes.Mask];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var loaded = InputFile.Read(run, "image");
        // ComfyUI's own size for no mask at all.
        var mask = loaded.Clear() ?? zeros([1, 64, 64], dtype: ScalarType.Float32, device: CPU);
        return [new ImageValue(loaded.Colours()), new MaskValue(mask)];
    }

    public override IReadOnlyList<string> ChecksItself { get; } = ["image"];

    public override IEnumerable<(string Input, string? Why)> Refusals(PlacedNode node, GraphFolders folders) =>
        InputFile.Refusals(node, folders, "image", "Invalid image file");

    public override IEnumerable<string> Faults(PlacedNode node, GraphFolders folders) => InputFile.Faults(node, folders, "image");

    public override string? Fingerprint(PlacedNode node, GraphFolders folders) => InputFile.Fingerprint(node, folders, "image");
}
