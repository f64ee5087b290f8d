namespace Lowrank.Graphs;

/// <summary>An adapter that acts where conditions carry it.</summary>
sealed class CreateHookLora : GraphNode
{
    public override string ClassType => "CreateHookLora";

    public override string Title => "Create Hook LoRA";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        ChoiceInput.Weights("lora_name", "loras"),
        new NumberInput("strength_model", 1, -20, 20),
        new NumberInput("strength_clip", 1, -20, 20),
        NodeInput.MaybeLink("prev_hooks", GraphTypes.Hooks),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Hooks];

    public override IEnumerable<string> Remarks(PlacedNode node, OutputUse use)
    {
        foreach (string remark in base.Remarks(node, use)) yield return remark;
        object? strength = node.Inputs.GetValueOrDefault("strength_clip");
        if (PythonText.Float(strength, out _) is not 0.0 && !use.LeadsTo(0, "SetClipHooks"))
            yield return $"strength_clip {PythonText.Str(strength)} is not used: hooks reach text encoders by SetClipHooks alone.";
    }

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var before = run.Find<HooksValue>("prev_hooks")?.Hooks ?? [];
        double strength = run.Number("strength_model"), ofClip = run.Number("strength_clip");
        if (strength == 0 && ofClip == 0) return [new HooksValue(before)];   // the file is not even opened
        string path = run.Settings.Folders.Weight("loras", run.Text("lora_name"));
        var adapter = run.Keep(new HookAdapter(path, run.Settings.ModelOptions.AllowUnmatched, run.Settings.LikeComfyUi));
        return [new HooksValue([.. before, new Hook(adapter, strength, ofClip)])];
    }
}
