namespace Lowrank.Graphs;

/// <summary>Encodes prompts as ComfyUI does, under the adapters and hooks of text encoders.</summary>
/// <param name="run">The node that asks.</param>
/// <param name="clip">The text encoders.</param>
sealed class TextEncoding(NodeRun run, ClipValue clip)
{
    StableDiffusion Model => clip.Base.Model;

    /// <summary>Conditions of a prompt: one, or one for each stretch where hooks that follow the steps have other strengths.</summary>
    /// <param name="text">The prompt.</param>
    /// <param name="second">For XL's second encoder; null means the same.</param>
    public ConditioningValue Encode(string text, string? second = null)
    {
        using var grad = no_grad();
        using var words = LearntWords.In(run, clip.Base, [text, second ?? ""]);
        using var weights = clip.Weights.Apply(Model);
        if (clip.Hooks is not { } hooks) return new([Encoded(text, second)]);
        foreach (var hook in hooks.Hooks) hook.Adapter.Prepare(Model, run.Note);
        IReadOnlyList<Hook> carried = hooks.PassesOn ? hooks.Hooks : [];
        if (!hooks.FollowsSteps) return new([Under(hooks.Hooks.Select(hook => hook.OnEncoders(Model, 1))) with { Hooks = carried }]);
        var stretches = HookStretches.Of(hooks.Hooks, Model);
        return new([.. stretches.Select(stretch => Under(stretch.Changes) with { Hooks = carried, EncodedFor = stretch.Share })]);

        Condition Under(IEnumerable<AdapterChange> changes)
        {
            using var hooked = changes.Where(change => change.Strength != 0).ToList<WeightChange>().Apply(Model);
            return Encoded(text, second);
        }
    }

    Condition Encoded(string text, string? second)
    {
        int? skip = clip.LastLayer is { } layer ? -layer : null;
        var told = PromptEncoding.Comfy.Encode(Model, [text], skip, second is null ? null : [second], clip.Base.Device);
        return new Condition(told.Context.to(ScalarType.Float32).cpu()) { Pooled = told.Pooled?.to(ScalarType.Float32).cpu() };
    }
}
