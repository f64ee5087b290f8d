namespace Lowrank.Extending.Tests;

/// <summary>Euler's step taken in halves: a sampler that chooses levels of its own between those of the plan.</summary>
sealed class HalvingSampler : Sampler
{
    /// <summary>Its entry in the list.</summary>
    public static SamplerDescriptor Descriptor { get; } = new("halving", "Halving Euler", "karras", _ => new HalvingSampler());

    /// <inheritdoc/>
    protected override IEnumerable<SamplingStep> Way(SamplerContext context)
    {
        foreach (var (from, to) in context.Plan.Steps)
        {
            double ratio = (from.Ratio + to.Ratio) / 2;
            var middle = NoiseLevel.Exploding(ratio, context.Plan.Table.Timestep(ratio));
            yield return new(from, middle);
            yield return new(middle, to);
        }
    }

    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        return context.Denoiser.Predict(x, from).At(to);
    }
}
