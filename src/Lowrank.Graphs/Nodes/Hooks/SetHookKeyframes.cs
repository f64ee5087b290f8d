namespace Lowrank.Graphs;

/// <summary>Gives hooks their factors along the way.</summary>
public sealed class SetHookKeyframes : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "SetHookKeyframes";

    /// <inheritdoc/>
    public override string Title => "Set Hook Keyframes";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("hooks", GraphTypes.Hooks), NodeInput.MaybeLink("hook_kf", GraphTypes.HookKeyframes)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Hooks];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var hooks = run.Get<HooksValue>("hooks");
        if (run.Find<HookKeyframesValue>("hook_kf") is not { } keyframes) return [hooks];
        return [new HooksValue([.. hooks.Hooks.Select(hook => hook with { Keyframes = keyframes.Keyframes })])];
    }
}
