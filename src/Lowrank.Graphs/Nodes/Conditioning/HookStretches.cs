namespace Lowrank.Graphs;

/// <summary>The stretches of the way on which hooks of text encoders have equal strengths.</summary>
/// <remarks>
/// After ComfyUI's comfy/hooks.py (0.3.64), get_hooks_for_clip_schedule: keyframes of equal strength are one, and before its first keyframe
/// a hook has its whole strength.
/// </remarks>
static class HookStretches
{
    /// <summary>The stretches in order, with what the hooks do to a base's text encoders on each.</summary>
    public static IReadOnlyList<(WayShare Share, IReadOnlyList<AdapterChange> Changes)> Of(IReadOnlyList<Hook> hooks, StableDiffusion model)
    {
        var tracks = hooks.Select(hook => (Hook: hook, Track: Track(hook.Keyframes).ToList())).ToList();
        var shares = tracks.SelectMany(one => one.Track).Select(one => one.Share);
        double[] ends = [.. shares.SelectMany(share => new[] { share.Start, share.End }).Append(0).Distinct().Order()];
        return [.. ends.Zip(ends.Skip(1), (start, end) => (new WayShare(start, end), Changes(start, end)))];

        IReadOnlyList<AdapterChange> Changes(double start, double end) => [.. tracks.Select(one =>
        {
            var (_, factor) = one.Track.Find(part => part.Share.Start < end && part.Share.End > start);
            return one.Hook.OnEncoders(model, factor ?? 1);
        })];
    }

    static IEnumerable<(WayShare Share, double? Factor)> Track(IReadOnlyList<HookKeyframe> keyframes)
    {
        if (keyframes.Count == 0)
        {
            yield return (new(0, 1), 1);
            yield break;
        }
        var present = keyframes[0];
        foreach (var next in keyframes)
        {
            bool isOther = next.Start > present.Start && !IsClose(next.Strength, present.Strength);
            if (isOther) yield return (new(present.Start, next.Start), present.Strength);
            if (isOther || next.Start == present.Start) present = next;
        }
        if (!IsClose(present.Start, 1)) yield return (new(present.Start, 1), present.Strength);
    }

    static bool IsClose(double a, double b) => Math.Abs(a - b) <= 1e-9 * Math.Max(Math.Abs(a), Math.Abs(b));
}
