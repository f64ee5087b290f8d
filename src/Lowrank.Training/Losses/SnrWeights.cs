namespace Lowrank.Training;

/// <summary>Weights of a sample's loss by its timestep's signal-to-noise ratio, SNR = ᾱ/(1−ᾱ).</summary>
public static class SnrWeights
{
    /// <summary>min(SNR, γ)/SNR for noise prediction, min(SNR, γ)/(SNR + 1) for v (Hang et al. 2023, arXiv 2303.09556); shape of <paramref name="alphaBar"/>.</summary>
    /// <param name="alphaBar">ᾱ of each sample's timestep.</param>
    /// <param name="gamma">γ, above 0; 5 is usual.</param>
    /// <param name="predictsV">Whether the network predicts v.</param>
    public static Tensor MinSnr(Tensor alphaBar, double gamma, bool predictsV)
    {
        using var scope = NewDisposeScope();
        var snr = alphaBar / (1 - alphaBar);
        return scope.MoveToOuter(snr.clamp_max(gamma) / (predictsV ? snr + 1 : snr));
    }
}
