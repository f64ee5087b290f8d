namespace Lowrank.Diffusion;

/// <summary>What a run of a sampler begins with.</summary>
/// <param name="Sample">The sample at the plan's first level, (B, C, H, W), float32.</param>
public sealed record LatentBeginning(Tensor Sample)
{
    /// <summary>What holds a part of the picture as it is; null for none.</summary>
    public LatentMixing? Mixing { get; init; }

    /// <summary>Channels that the network is shown beside the latents, (B, C', H, W): mask and masked latents; null for none.</summary>
    public Tensor? Beside { get; init; }
}
