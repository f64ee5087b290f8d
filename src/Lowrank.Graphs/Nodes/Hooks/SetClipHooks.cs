namespace Lowrank.Graphs;

/// <summary>Lets hooks act on text encoders, and lets the conditions that are encoded carry them.</summary>
sealed class SetClipHooks : GraphNode
{
    public override string ClassType => "SetClipHooks";

    public override string Title => "Set CLIP Hooks";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("clip", GraphTypes.Clip),
        new FlagInput("apply_to_conds", true),
        new FlagInput("schedule_clip", false),
        NodeInput.MaybeLink("hooks", GraphTypes.Hooks),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Clip];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var clip = run.Get<ClipValue>("clip");
        if (run.Find<HooksValue>("hooks") is not { } hooks) return [clip];
        return [clip with { Hooks = new(hooks.Hooks, run.Flag("schedule_clip"), run.Flag("apply_to_conds")) }];
    }
}
