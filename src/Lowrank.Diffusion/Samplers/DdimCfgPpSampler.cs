namespace Lowrank.Diffusion;

/// <summary>
/// DDIM with CFG++ (Chung et al. 2024, arXiv:2406.08070): the clean estimate is guided, the noise that is put back is not.
/// </summary>
/// <remarks>AUTOMATIC1111 divides the guidance scale by 12.5 here, so that the usual scales mean something: see GuidanceFactor.</remarks>
/// <param name="eta">Share of fresh noise, 0 to 1.</param>
public sealed class DdimCfgPpSampler(double eta = 0) : Sampler
{
    /// <inheritdoc/>
    public override bool AsksNegative => true;

    /// <inheritdoc/>
    public override double GuidanceFactor => 1 / 12.5;

    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        var (guided, unguided) = context.Denoiser.PredictBoth(x, from);
        var prediction = guided with { Noise = (x - from.Alpha * unguided) / from.Sigma };
        return prediction.At(context.Steps[i], Prediction.AncestralNoise(from, to, eta), context.Noise);
    }
}
