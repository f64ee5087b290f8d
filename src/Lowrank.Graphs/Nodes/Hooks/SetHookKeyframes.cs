namespace Lowrank.Graphs;

/// <summary>Gives hooks their factors along the way.</summary>
sealed class SetHookKeyframes : GraphNode
{
    public override string ClassType => "SetHookKeyframes";

    public override string Title => "Set Hook Keyframes";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("hooks", GraphTypes.Hooks), NodeInput.MaybeLink("hook_kf", GraphTypes.HookKeyframes)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Hooks];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var hooks = run.Get<HooksValue>("hooks");
        if (run.Find<HookKeyframesValue>("hook_kf") is not { } keyframes) return [hooks];
        return [new HooksValue([.. hooks.Hooks.Select(hook => hook with { Keyframes = keyframes.Keyframes })])];
    }
}
