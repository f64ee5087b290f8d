namespace Lowrank.Graphs;

/// <summary>Which factor hooks have at each call of a run.</summary>
/// <remarks>
/// After ComfyUI's comfy/hooks.py (a125cd8): the first keyframe holds from the beginning, whatever its start; each lasts at least its own
/// number of calls, unless it starts before the run does.
/// </remarks>
/// <param name="model">The base that hooks act on.</param>
/// <param name="sampling">Turns starts into sigmas.</param>
/// <param name="highest">The run's largest σ.</param>
sealed class HookTimeline(StableDiffusion model, ModelSampling sampling, double highest)
{
    readonly Dictionary<IReadOnlyList<HookKeyframe>, Track> tracks = new(ReferenceEqualityComparer.Instance);

    /// <summary>What hooks do to the denoising network at σ; σ falls from call to call.</summary>
    public IReadOnlyList<AdapterChange> At(IReadOnlyList<Hook> hooks, double sigma) =>
        [.. hooks.Select(hook => hook.OnNetwork(model, Factor(hook.Keyframes, sigma))).Where(change => change.Strength != 0)];

    double Factor(IReadOnlyList<HookKeyframe> keyframes, double sigma)
    {
        if (keyframes.Count == 0) return 1;
        if (!tracks.TryGetValue(keyframes, out var track)) tracks[keyframes] = track = new Track();
        if (track.Sigma != sigma) Advance(track, keyframes, sigma);
        return keyframes[track.Present].Strength;
    }

    void Advance(Track track, IReadOnlyList<HookKeyframe> keyframes, double sigma)
    {
        track.Sigma = sigma;
        if (track.Steps >= LeastSteps(keyframes[track.Present]))
            for (int next = track.Present + 1; next < keyframes.Count && Start(keyframes[next]) >= sigma; next++)
            {
                (track.Present, track.Steps) = (next, 0);
                if (LeastSteps(keyframes[next]) > 0) break;
            }
        track.Steps++;
    }

    int LeastSteps(HookKeyframe keyframe) => Start(keyframe) > highest ? 0 : keyframe.LeastSteps;

    double Start(HookKeyframe keyframe) => sampling.SigmaOfShare(keyframe.Start);

    sealed class Track
    {
        public int Present;
        public int Steps;
        public double Sigma = double.NaN;
    }
}
