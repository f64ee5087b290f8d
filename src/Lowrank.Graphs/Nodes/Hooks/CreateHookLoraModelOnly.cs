namespace Lowrank.Graphs;

/// <summary>An adapter that acts on the denoising network where conditions carry it.</summary>
sealed class CreateHookLoraModelOnly : GraphNode
{
    public override string ClassType => "CreateHookLoraModelOnly";

    public override string Title => "Create Hook LoRA (MO)";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        ChoiceInput.Weights("lora_name", "loras"),
        new NumberInput("strength_model", 1, -20, 20),
        NodeInput.MaybeLink("prev_hooks", GraphTypes.Hooks),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Hooks];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var before = run.Find<HooksValue>("prev_hooks")?.Hooks ?? [];
        double strength = run.Number("strength_model");
        if (strength == 0) return [new HooksValue(before)];   // the file is not even opened
        string path = run.Settings.Folders.Weight("loras", run.Text("lora_name"));
        var adapter = run.Keep(new HookAdapter(path, run.Settings.ModelOptions.AllowUnmatched, run.Settings.LikeComfyUi));
        return [new HooksValue([.. before, new Hook(adapter, strength, ClipStrength: 0)])];
    }
}
