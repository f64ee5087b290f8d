namespace Lowrank.Graphs;

/// <summary>A channel of pictures as masks.</summary>
sealed class ImageToMask : GraphNode
{
    public override string ClassType => "ImageToMask";

    public override string Title => "Convert Image to Mask";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("image", GraphTypes.Image),
        new ChoiceInput("channel", "red", "green", "blue", "alpha"),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Mask];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var pixels = run.Get<ImageValue>("image").Pixels;
        string channel = run.Choice("channel");
        int index = channel switch { "red" => 0, "green" => 1, "blue" => 2, _ => 3 };
        if (index < pixels.shape[3]) return [new MaskValue(pixels.select(3, index).clone())];
        throw new LowrankException(
            $"The picture has no {channel} channel: its shape is {pixels.shape.Text()}. Take its mask from LoadImage.");
    }
}
