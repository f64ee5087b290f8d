namespace Lowrank.Graphs;

/// <summary>Encodes a prompt, with ComfyUI's weights and learnt words.</summary>
sealed class CLIPTextEncode : GraphNode
{
    public override string ClassType => "CLIPTextEncode";

    public override string Title => "CLIP Text Encode (Prompt)";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [new TextInput("text") { IsLong = true, IsPrompt = true }, NodeInput.Link("clip", GraphTypes.Clip)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var encoding = new TextEncoding(run, run.Get<ClipValue>("clip"));
        return [encoding.Encode(run.Text("text"))];
    }
}
