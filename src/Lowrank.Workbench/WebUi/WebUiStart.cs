namespace Lowrank.Workbench;

/// <summary>The latents that a job with pictures begins with.</summary>
/// <param name="Latents">(B, C, H, W), before noise is added.</param>
/// <param name="Mask">1 where they are drawn anew, (H, W); null for everywhere.</param>
/// <param name="Beside">What the network is shown beside them; null for nothing.</param>
sealed record WebUiStart(Tensor Latents, Tensor? Mask, Tensor? Beside)
{
    /// <summary>What holds the rest as it is; null where there is no mask.</summary>
    /// <param name="isOverTimesteps">Whether the sampler walks down timesteps.</param>
    public LatentMixing? Mixing(bool isOverTimesteps)
    {
        if (Mask is null) return null;
        return isOverTimesteps ? new ShownMixing(Latents, Mask) : new CleanMixing(Latents, Mask);
    }
}
