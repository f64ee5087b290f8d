namespace Lowrank.Graphs;

/// <summary>Changes a network by an adapter, whose part for text encoders is left unused.</summary>
sealed class LoraLoaderModelOnly : GraphNode
{
    public override string ClassType => "LoraLoaderModelOnly";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        ChoiceInput.Weights("lora_name", "loras"),
        new NumberInput("strength_model", 1, -100, 100),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var model = run.Get<ModelValue>("model");
        double strength = run.Number("strength_model");
        if (strength == 0) return [model];
        var adapter = LoadedAdapter.Read(run, model.Base, run.Text("lora_name"));
        int unused = adapter.Targets.Keys.Count(ModelSide.Encoders.Holds);
        if (unused > 0) run.Note($"{unused} layers of text encoders in {run.Text("lora_name")} are not used.");
        return [model.With(new AdapterChange(adapter, ModelSide.Network, strength))];
    }
}
