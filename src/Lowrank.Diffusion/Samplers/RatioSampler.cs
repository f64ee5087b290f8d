namespace Lowrank.Diffusion;

/// <summary>
/// A sampler that is stated in k-diffusion's form: over y = x/α, whose only level is s = σ/α. It follows plans that keep the variance too.
/// </summary>
public abstract class RatioSampler : Sampler
{
    /// <inheritdoc/>
    protected sealed override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        // Where no signal is left y does not exist: the one step from there is DDIM's.
        return from.Alpha == 0 ? context.Denoiser.Predict(x, from).At(to) : Step(new RatioStep(x, i, context)) * to.Alpha;
    }

    /// <summary>y after a step.</summary>
    private protected abstract Tensor Step(RatioStep step);
}
