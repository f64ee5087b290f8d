namespace Lowrank.Graphs;

/// <summary>An adapter that acts where conditions carry it, at strengths that may follow the steps.</summary>
/// <param name="Adapter">Its file, which its loader's place in the cache owns; it tells hooks apart.</param>
/// <param name="ModelStrength">Its strength for the denoising network.</param>
/// <param name="ClipStrength">Its strength for the text encoders.</param>
public sealed record Hook(HookAdapter Adapter, double ModelStrength, double ClipStrength)
{
    /// <summary>Factors of its strengths along the way, by their starts; none is 1 all the way.</summary>
    public IReadOnlyList<HookKeyframe> Keyframes { get; init; } = [];

    /// <summary>What it does to the denoising network of a base at a keyframe's factor.</summary>
    public AdapterChange OnNetwork(StableDiffusion model, double factor) =>
        Adapter.Change(model, ModelSide.Network, ModelStrength * factor);

    /// <summary>What it does to the text encoders of a base at a keyframe's factor.</summary>
    public AdapterChange OnEncoders(StableDiffusion model, double factor) =>
        Adapter.Change(model, ModelSide.Encoders, ClipStrength * factor);

    /// <summary>The hooks of both lists, those of one origin once.</summary>
    public static IReadOnlyList<Hook> Joined(IReadOnlyList<Hook> first, IReadOnlyList<Hook> second) =>
        [.. first, .. second.Where(hook => first.All(one => one.Adapter != hook.Adapter))];
}
