namespace Lowrank.Diffusion;

/// <summary>What the steps of one run share: the network, the plan, the noise, and what earlier steps left.</summary>
public sealed class SamplerContext
{
    readonly DisposeScope run;
    readonly List<Tensor> history = [];
    readonly List<SamplingStep> steps = [];
    object? memory;

    internal SamplerContext(Denoiser denoiser, SamplingPlan plan, INoise noise, DisposeScope run) =>
        (Denoiser, Plan, Noise, this.run) = (denoiser, plan, noise, run);

    /// <summary>The network.</summary>
    public Denoiser Denoiser { get; }

    /// <summary>The plan.</summary>
    public SamplingPlan Plan { get; }

    /// <summary>Fresh noise.</summary>
    public INoise Noise { get; }

    /// <summary>The steps that were begun, in order; the last is the present one.</summary>
    public IReadOnlyList<SamplingStep> Steps => steps;

    /// <summary>What earlier steps kept, newest first.</summary>
    public IReadOnlyList<Tensor> History => history;

    /// <summary>A sample that a later step goes back to; null if none.</summary>
    public Tensor? Saved { get; private set; }

    /// <summary>What a sampler keeps over the steps beside tensors: made at the first call of a run, the same at each later one.</summary>
    public T Remember<T>(Func<T> make) where T : class => (T)(memory ??= make());

    /// <summary>Whether a tensor is one that is kept over the steps.</summary>
    internal bool Keeps(Tensor tensor) => ReferenceEquals(tensor, Saved) || history.Exists(kept => ReferenceEquals(kept, tensor));

    /// <summary>Makes a step the present one, and gives its number.</summary>
    internal int Begin(SamplingStep step)
    {
        steps.Add(step);
        return steps.Count - 1;
    }

    /// <summary>
    /// Keeps a tensor beyond its step as the newest of the history, and frees all but the newest <paramref name="count"/>.
    /// </summary>
    public void Keep(Tensor tensor, int count)
    {
        tensor.MoveToOtherDisposeScope(run);
        history.Insert(0, tensor);
        while (history.Count > count)
        {
            history[^1].Dispose();
            history.RemoveAt(history.Count - 1);
        }
    }

    /// <summary>Keeps a tensor in the place of the newest of the history, which is freed.</summary>
    public void Replace(Tensor tensor)
    {
        tensor.MoveToOtherDisposeScope(run);
        history[0].Dispose();
        history[0] = tensor;
    }

    /// <summary>Keeps the present sample for a later step; null lets go of it.</summary>
    public void Save(Tensor? sample)
    {
        Saved?.Dispose();
        Saved = sample?.alias();
        Saved?.MoveToOtherDisposeScope(run);
    }
}
