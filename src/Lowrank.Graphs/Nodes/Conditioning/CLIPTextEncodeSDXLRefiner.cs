namespace Lowrank.Graphs;

/// <summary>Encodes a prompt for Stable Diffusion XL's refiner, with the size and the score that its network is told.</summary>
sealed class CLIPTextEncodeSDXLRefiner : GraphNode
{
    public override string ClassType => "CLIPTextEncodeSDXLRefiner";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new NumberInput("ascore", 6, 0, 1000, 0.01),
        WholeInput.Pixels("width", 1024, 0),
        WholeInput.Pixels("height", 1024, 0),
        new TextInput("text") { IsLong = true, IsPrompt = true },
        NodeInput.Link("clip", GraphTypes.Clip),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var sizes = SizeConditions.Of(run.Whole("width"), run.Whole("height")) with { AestheticScore = run.Number("ascore") };
        var encoded = new TextEncoding(run, run.Get<ClipValue>("clip")).Encode(run.Text("text"));
        return [encoded.Each(condition => condition with { Sizes = sizes })];
    }
}
