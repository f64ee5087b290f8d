namespace Lowrank.Diffusion;

/// <summary>An axis with the values that were asked for.</summary>
/// <param name="Axis">The axis; null means that there is none in this direction.</param>
/// <param name="Text">The values as they were written.</param>
/// <param name="VariesSeed">Whether the seed counts up along it.</param>
public sealed record GridChoice<TJob>(GridAxis<TJob>? Axis, string Text = "", bool VariesSeed = false)
{
    /// <summary>The values as they were settled once, where the text leaves some to chance: "4711, 3" of "-1,3". Null settles
    /// them.</summary>
    public string? Fixed { get; init; }

    /// <summary>Whether a seed of −1 stays so, for each job to draw its own.</summary>
    public bool KeepsChance { get; init; }
}
