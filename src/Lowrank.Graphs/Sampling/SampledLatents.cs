namespace Lowrank.Graphs;

/// <summary>What a run of a sampler leaves.</summary>
/// <param name="Latent">The latents that it ended with.</param>
/// <param name="Denoised">The clean estimate of its last step; the same where there was none.</param>
public sealed record SampledLatents(LatentValue Latent, LatentValue Denoised);
