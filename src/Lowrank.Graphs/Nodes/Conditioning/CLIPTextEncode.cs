namespace Lowrank.Graphs;

/// <summary>Encodes a prompt, with ComfyUI's weights and learnt words.</summary>
public sealed class CLIPTextEncode : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "CLIPTextEncode";

    /// <inheritdoc/>
    public override string Title => "CLIP Text Encode (Prompt)";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [new TextInput("text") { IsLong = true, IsPrompt = true }, NodeInput.Link("clip", GraphTypes.Clip)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var encoding = new TextEncoding(run, run.Get<ClipValue>("clip"));
        return [encoding.Encode(run.Text("text"))];
    }
}
