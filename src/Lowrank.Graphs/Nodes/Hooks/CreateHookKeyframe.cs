namespace Lowrank.Graphs;

/// <summary>From where on hooks have which factor; it lasts for one step at least.</summary>
sealed class CreateHookKeyframe : GraphNode
{
    public override string ClassType => "CreateHookKeyframe";

    public override string Title => "Create Hook Keyframe";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new NumberInput("strength_mult", 1, -20, 20),
        new NumberInput("start_percent", 0, 0, 1, 0.001),
        NodeInput.MaybeLink("prev_hook_kf", GraphTypes.HookKeyframes),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.HookKeyframes];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var before = run.Find<HookKeyframesValue>("prev_hook_kf") ?? new([]);
        return [before.With(new(run.Number("strength_mult"), run.Number("start_percent"), LeastSteps: 1))];
    }
}
