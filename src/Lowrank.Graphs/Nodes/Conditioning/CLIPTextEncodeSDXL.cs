namespace Lowrank.Graphs;

/// <summary>Encodes a prompt for each text encoder of Stable Diffusion XL, with the sizes that its network is told.</summary>
sealed class CLIPTextEncodeSDXL : GraphNode
{
    public override string ClassType => "CLIPTextEncodeSDXL";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("clip", GraphTypes.Clip),
        WholeInput.Pixels("width", 1024, 0),
        WholeInput.Pixels("height", 1024, 0),
        WholeInput.Pixels("crop_w", 0, 0),
        WholeInput.Pixels("crop_h", 0, 0),
        WholeInput.Pixels("target_width", 1024, 0),
        WholeInput.Pixels("target_height", 1024, 0),
        new TextInput("text_g") { IsLong = true, IsPrompt = true },
        new TextInput("text_l") { IsLong = true, IsPrompt = true },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var clip = run.Get<ClipValue>("clip");
        if (clip.Base.Model.TextEncoder2 is null)
            throw new LowrankException("CLIPTextEncodeSDXL encodes for two text encoders, and this base has one. Use CLIPTextEncode.");
        var sizes = new SizeConditions(
            run.Whole("height"), run.Whole("width"), run.Whole("crop_h"), run.Whole("crop_w"),
            run.Whole("target_height"), run.Whole("target_width"));
        var encoded = new TextEncoding(run, clip).Encode(run.Text("text_l"), run.Text("text_g"));
        return [encoded.Each(condition => condition with { Sizes = sizes })];
    }
}
