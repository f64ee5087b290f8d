namespace Lowrank.Graphs;

/// <summary>An adapter that acts where conditions carry it, at strengths that may follow the steps.</summary>
/// <param name="Adapter">The adapter; its loader's place in the cache owns it.</param>
/// <param name="RotatesTwice">Whether strengths of rotations count twice, see <see cref="AdapterChange.RotatesTwice"/>.</param>
/// <param name="ModelStrength">Its strength for the denoising network.</param>
/// <param name="ClipStrength">Its strength for the text encoders.</param>
public sealed record Hook(Adapter Adapter, bool RotatesTwice, double ModelStrength, double ClipStrength)
{
    /// <summary>Tells hooks apart: two of one origin are the same one, and count once.</summary>
    public object Origin { get; init; } = new();

    /// <summary>Factors of its strengths along the way, by their starts; none is 1 all the way.</summary>
    public IReadOnlyList<HookKeyframe> Keyframes { get; init; } = [];

    /// <summary>What it does to the denoising network at a keyframe's factor.</summary>
    public AdapterChange OnNetwork(double factor) => Change(ModelSide.Network, ModelStrength * factor);

    /// <summary>What it does to the text encoders at a keyframe's factor.</summary>
    public AdapterChange OnEncoders(double factor) => Change(ModelSide.Encoders, ClipStrength * factor);

    AdapterChange Change(ModelSide side, double strength) => new(Adapter, side, strength) { RotatesTwice = RotatesTwice };

    /// <summary>The hooks of both lists, those of one origin once.</summary>
    public static IReadOnlyList<Hook> Joined(IReadOnlyList<Hook> first, IReadOnlyList<Hook> second) =>
        [.. first, .. second.Where(hook => first.All(one => one.Origin != hook.Origin))];
}
