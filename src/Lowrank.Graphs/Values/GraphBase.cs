namespace Lowrank.Graphs;

/// <summary>A loaded base model of a graph, which several values share; its loader's place in the cache owns it.</summary>
/// <param name="Model">Networks of float32 weights without any change.</param>
/// <param name="Device">Where it lies.</param>
public sealed record GraphBase(StableDiffusion Model, Device Device) : IDisposable
{
    readonly Lazy<ModelSampling> sampling = new(() => ModelSampling.Of(Model.Scheduler));

    /// <summary>How its answers are read, as its scheduler settings say.</summary>
    public ModelSampling Sampling => sampling.Value;

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
