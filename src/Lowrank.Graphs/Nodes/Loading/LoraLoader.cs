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

    public override IEnumerable<int> OutputsOf(string input) => input switch
    {
        "model" or "strength_model" => [Model],
        "clip" or "strength_clip" => [Encoders],
        _ => [Model, Encoders],
    };

    public override IEnumerable<string> Remarks(PlacedNode node, OutputUse use)
    {
        foreach (string remark in base.Remarks(node, use)) yield return remark;
        foreach (var (input, output) in new[] { ("strength_model", Model), ("strength_clip", Encoders) })
        {
            object? written = node.Inputs.GetValueOrDefault(input);
            bool changes = PythonText.Float(written, out _) is not 0.0;
            if (changes && !use.IsUsed(output))
                yield return $"{input} {PythonText.Str(written)} is not used: nothing that is run hangs on its {Outputs[output]}.";
        }
    }

    const int Model = 0, Encoders = 1;

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
