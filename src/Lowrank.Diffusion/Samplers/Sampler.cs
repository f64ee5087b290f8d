namespace Lowrank.Diffusion;

/// <summary>Leads a noisy sample down a plan. An instance holds the options; each run starts afresh.</summary>
public abstract class Sampler
{
    /// <summary>Whether it heeds the answer to the negative prompt apart, which then is asked at every guidance scale.</summary>
    public virtual bool AsksNegative => false;

    /// <summary>Whether a sample depends on those beside it in its batch, so that only one made alone can be made again.</summary>
    public virtual bool TiesBatch => false;

    /// <summary>What the guidance scale that a user gives is multiplied by; 1 but for samplers that guide in another way.</summary>
    public virtual double GuidanceFactor => 1;

    /// <summary>The level at which it leaves the sample at a plan's end: the plan's last, unless it takes steps of its own.</summary>
    public virtual NoiseLevel End(SamplingPlan plan) => plan.Steps[^1].To;

    /// <summary>
    /// Whether its noise is to be that of a Brownian motion (<see cref="IBatchNoise.Brownian"/>), as in k-diffusion's stochastic samplers.
    /// </summary>
    public bool DrawsBrownian { get; init; }

    /// <summary>Runs the whole way.</summary>
    /// <param name="denoiser">The network.</param>
    /// <param name="plan">The levels to visit.</param>
    /// <param name="start">
    /// The sample at the first level, already scaled by <see cref="SamplingPlan.StartScale"/>; float32, left as it is.
    /// </param>
    /// <param name="noise">Fresh noise, for samplers that want some.</param>
    /// <param name="afterStep">
    /// Told the step's number and the sample after it. The sample, and what the callback makes of it, live in the run's scope: detach what
    /// is kept.
    /// </param>
    /// <param name="cancel">Looked at before every step.</param>
    /// <returns>The sample at the way's end; it belongs to the caller's scope.</returns>
    public Tensor Run(
        Denoiser denoiser,
        SamplingPlan plan,
        Tensor start,
        INoise noise,
        Action<int, Tensor>? afterStep = null,
        CancellationToken cancel = default)
    {
        if (plan.RepeatsSecond && this is not PndmSampler)
            throw new LowrankException(
                "This plan repeats its second step, which only the pndm sampler understands. Choose another schedule.");
        using var run = NewDisposeScope();
        using var grad = no_grad();
        var context = new SamplerContext(denoiser, plan, noise, run);
        var x = start;
        using var way = Way(context).GetEnumerator();
        bool goesOn = way.MoveNext();
        while (goesOn)
        {
            cancel.ThrowIfCancellationRequested();
            int i = context.Begin(way.Current);
            var before = x;
            using (var step = NewDisposeScope())
            {
                var after = Taken(Step(before, i, context), before, i);
                goesOn = way.MoveNext();
                after = denoiser.Mixing?.After(after, goesOn ? way.Current.From : null) ?? after;
                // What is kept elsewhere, or is the sample before, is freed there.
                bool isKept = ReferenceEquals(after, before) || context.Keeps(after);
                x = step.MoveToOuter(isKept ? after.alias() : after);
            }
            if (i > 0) before.Dispose();
            afterStep?.Invoke(i, x);
        }
        return run.MoveToOuter(ReferenceEquals(x, start) ? x.alias() : x);
    }

    // A sampler may come from elsewhere.
    Tensor Taken(Tensor? after, Tensor before, int i)
    {
        if (after is null) throw Ungiven("no sample");
        if (after.IsInvalid) throw Ungiven("a sample that was freed");
        if (after.shape.AsSpan().SequenceEqual(before.shape)) return after;
        throw new ShapeException(
            $"step {i + 1} of {GetType().Name} made a sample of shape {after.shape.Text()} out of one of {before.shape.Text()}");

        LowrankException Ungiven(string what) =>
            new($"step {i + 1} of {GetType().Name} gave {what}; Step returns the sample after the step");
    }

    /// <summary>
    /// The steps, one after the other; the plan's, unless a sampler takes its own. Each is asked for when the one before it is done, so it
    /// may follow from what that one left in the context.
    /// </summary>
    protected virtual IEnumerable<SamplingStep> Way(SamplerContext context) => context.Plan.Steps;

    /// <summary>The sample after step <paramref name="i"/>; <paramref name="x"/> itself where the step changes nothing.</summary>
    /// <remarks>What it is given is not written into: at the first step it is the caller's.</remarks>
    protected abstract Tensor Step(Tensor x, int i, SamplerContext context);
}
