namespace Lowrank.Graphs;

/// <summary>What the nodes that give conditions several things at once have in common.</summary>
static class ConditionProperties
{
    /// <summary>Conditions with the mask, hooks and stretch of the way that the node is given, where it is given some.</summary>
    /// <param name="run">The node.</param>
    /// <param name="name">The name of the input that brings the conditions.</param>
    public static ConditioningValue Set(NodeRun run, string name)
    {
        var mask = run.Find<MaskValue>("mask")?.Mask;
        double strength = run.Number("strength");
        bool isBounded = run.Choice("set_cond_area") != "default";
        if (mask is null && (strength != 1 || isBounded))
            run.Note("strength and set_cond_area are those of a mask, and no mask is given: they are not used.");
        return Hooked(run, name).Each(own => mask is null ? Ranged(run, own)
            : Ranged(run, own) with { Mask = mask, MaskStrength = strength, WithinMaskBounds = isBounded });
    }

    /// <summary>The same, to hold where no others do.</summary>
    public static ConditioningValue Default(NodeRun run, string name) => Hooked(run, name).Each(own => own with { IsDefault = true });

    /// <summary>Conditions beside others.</summary>
    /// <param name="run">The node.</param>
    /// <param name="name">The name of the input that brings the others.</param>
    /// <param name="added">The conditions.</param>
    public static ConditioningValue Beside(NodeRun run, string name, ConditioningValue added) =>
        new([.. run.Get<ConditioningValue>(name).Conditions, .. added.Conditions]);

    static ConditioningValue Hooked(NodeRun run, string name)
    {
        var hooks = run.Find<HooksValue>("hooks")?.Hooks ?? [];
        return run.Get<ConditioningValue>(name).Each(own => own with { Hooks = Hook.Joined(own.Hooks, hooks) });
    }

    static Condition Ranged(NodeRun run, Condition condition) =>
        run.Find<WayShareValue>("timesteps") is { } range ? condition with { Range = range.Share } : condition;
}
