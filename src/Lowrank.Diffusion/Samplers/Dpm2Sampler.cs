namespace Lowrank.Diffusion;

/// <summary>
/// DPM-Solver-2 in the form of Karras et al. (k-diffusion's sample_dpm_2): the direction is taken half way, in ln σ. Two evaluations a step
/// but for the last.
/// </summary>
/// <remarks>Lu et al. 2022, arXiv:2206.00927, algorithm 1; Karras et al. 2022, arXiv:2206.00364, algorithm 2.</remarks>
/// <param name="churn">Noise added before each step; null for none.</param>
public sealed class Dpm2Sampler(Churn? churn = null) : Sampler
{
    readonly Churn churn = churn ?? new Churn();

    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        (x, from) = churn.Apply(x, from, context);
        var first = context.Denoiser.Predict(x, from);
        if (to.Sigma == 0 || from.Alpha == 0) return first.At(to);
        var middle = context.Plan.LevelAt(Math.Sqrt(from.Ratio * to.Ratio));
        var noise = context.Denoiser.Predict(first.At(middle), middle).Noise;
        return new Prediction((x - from.Sigma * noise) / from.Alpha, noise).At(to);
    }
}
