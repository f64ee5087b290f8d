namespace Lowrank.Graphs;

/// <summary>Changes network and text encoders by an adapter, each at a strength of its own.</summary>
public sealed class LoraLoader : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "LoraLoader";

    /// <inheritdoc/>
    public override string Title => "Load LoRA";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        NodeInput.Link("clip", GraphTypes.Clip),
        ChoiceInput.Weights("lora_name", "loras"),
        new NumberInput("strength_model", 1, -100, 100),
        new NumberInput("strength_clip", 1, -100, 100),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model, GraphTypes.Clip];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (model, clip) = (run.Get<ModelValue>("model"), run.Get<ClipValue>("clip"));
        var (ofModel, ofClip) = (run.Number("strength_model"), run.Number("strength_clip"));
        if (ofModel == 0 && ofClip == 0) return [model, clip];   // the file is not even opened
        var adapter = LoadedAdapter.Read(run, model.Base, run.Text("lora_name"));
        return [model.With(adapter.Change(ModelSide.Network, ofModel)), clip.With(adapter.Change(ModelSide.Encoders, ofClip))];
    }
}
