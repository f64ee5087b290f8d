namespace Lowrank.Diffusion;

/// <summary>Euler's step of the probability flow (Karras et al. 2022, algorithm 2 without its second order), with optional churn.</summary>
/// <param name="churn">Noise added before each step; null for none.</param>
public sealed class EulerSampler(Churn? churn = null) : Sampler
{
    readonly Churn churn = churn ?? new Churn();

    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        (x, from) = churn.Apply(x, from, context);
        return context.Denoiser.Predict(x, from).At(to);
    }
}
