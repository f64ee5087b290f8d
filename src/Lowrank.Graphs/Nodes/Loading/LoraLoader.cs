namespace Lowrank.Graphs;

/// <summary>Changes network and text encoders by an adapter, each at a strength of its own.</summary>
sealed class LoraLoader : GraphNode
{
    public override string ClassType => "LoraLoader";

    public override string Title => "Load LoRA";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        NodeInput.Link("clip", GraphTypes.Clip),
        ChoiceInput.Weights("lora_name", "loras"),
        new NumberInput("strength_model", 1, -100, 100),
        new NumberInput("strength_clip", 1, -100, 100),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model, GraphTypes.Clip];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (model, clip) = (run.Get<ModelValue>("model"), run.Get<ClipValue>("clip"));
        var (ofModel, ofClip) = (run.Number("strength_model"), run.Number("strength_clip"));
        if (ofModel == 0 && ofClip == 0) return [model, clip];   // the file is not even opened
        var adapter = LoadedAdapter.Read(run, model.Base, run.Text("lora_name"));
        return
        [
            model.With(new AdapterChange(adapter, ModelSide.Network, ofModel)),
            clip.With(new AdapterChange(adapter, ModelSide.Encoders, ofClip)),
        ];
    }
}
