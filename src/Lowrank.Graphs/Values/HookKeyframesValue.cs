namespace Lowrank.Graphs;

/// <summary>How the strength of hooks changes with the steps.</summary>
/// <param name="Keyframes">By their starts.</param>
public sealed record HookKeyframesValue(IReadOnlyList<HookKeyframe> Keyframes) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.HookKeyframes;

    /// <summary>This with one more in its place; of those that start together the earlier stays first.</summary>
    public HookKeyframesValue With(HookKeyframe keyframe) => new([.. Keyframes.Append(keyframe).OrderBy(one => one.Start)]);
}
