namespace Lowrank.Training;

/// <summary>The denoising loss of a batch.</summary>
/// <param name="MinSnrGamma">γ of min-SNR weighting; 0 weighs all timesteps alike.</param>
/// <param name="PredictsV">Whether the network predicts v = √ᾱ·ε − √(1−ᾱ)·x0 rather than the noise ε.</param>
public sealed record DiffusionLoss(double MinSnrGamma, bool PredictsV)
{
    /// <summary>Squared error, its mean over each sample, times the sample's weight: (B), float32.</summary>
    /// <param name="prediction">What the network says (B, ...), any float dtype.</param>
    /// <param name="target">What it should say, float32.</param>
    /// <param name="alphaBar">ᾱ of each sample's timestep (B).</param>
    public Tensor PerSample(Tensor prediction, Tensor target, Tensor alphaBar)
    {
        using var scope = NewDisposeScope();
        var error = nn.functional.mse_loss(prediction.to(ScalarType.Float32), target, nn.Reduction.None).mean([.. Enumerable.Range(1, (int)target.dim() - 1).Select(axis => (long)axis)]);
        return scope.MoveToOuter(MinSnrGamma > 0 ? error * SnrWeights.MinSnr(alphaBar, MinSnrGamma, PredictsV) : error);
    }
}
