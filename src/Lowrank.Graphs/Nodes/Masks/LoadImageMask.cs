namespace Lowrank.Graphs;

/// <summary>A channel of a picture as a mask; of alpha what is clear.</summary>
sealed class LoadImageMask : GraphNode
{
    public override string ClassType => "LoadImageMask";

    public override string Title => "Load Image (as Mask)";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new ChoiceInput("image", folders => folders.Inputs) { HasUpload = true },
        new ChoiceInput("channel", "alpha", "red", "green", "blue"),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Mask];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var loaded = InputFile.Read(run, "image");
        var colours = loaded.Colours();
        int channel = run.Choice("channel") switch { "red" => 0, "green" => 1, "blue" => 2, _ => -1 };
        if (channel >= 0) return [new MaskValue(colours.select(3, channel).clone())];
        return [new MaskValue(loaded.Clear() ?? zeros_like(colours.select(3, 0)))];
    }

    public override IReadOnlyList<string> ChecksItself { get; } = ["image"];

    public override IEnumerable<(string Input, string? Why)> Refusals(PlacedNode node, GraphFolders folders) =>
        InputFile.Refusals(node, folders, "image", "Invalid image file");

    public override IEnumerable<string> Faults(PlacedNode node, GraphFolders folders) => InputFile.Faults(node, folders, "image");

    public override string? Fingerprint(PlacedNode node, GraphFolders folders) => InputFile.Fingerprint(node, folders, "image");
}
