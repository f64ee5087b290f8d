namespace Lowrank.Diffusion;

/// <summary>
/// Heun's second-order step (Karras et al. 2022, algorithm 2): asks the network at both ends. Two evaluations a step but for the last.
/// </summary>
/// <param name="churn">Noise added before each step; null for none.</param>
public sealed class HeunSampler(Churn? churn = null) : Sampler
{
    readonly Churn churn = churn ?? new Churn();

    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        (x, from) = churn.Apply(x, from, context);
        return Between(x, from, to, context);
    }

    /// <summary>The step from one level to another.</summary>
    internal static Tensor Between(Tensor x, NoiseLevel from, NoiseLevel to, SamplerContext context)
    {
        var first = context.Denoiser.Predict(x, from);
        var trial = first.At(to);
        if (to.Sigma == 0 || from.Alpha == 0) return trial;
        var noise = (first.Noise + context.Denoiser.Predict(trial, to).Noise) / 2;
        return new Prediction((x - from.Sigma * noise) / from.Alpha, noise).At(to);
    }
}
