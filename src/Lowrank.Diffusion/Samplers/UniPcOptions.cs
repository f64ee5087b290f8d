namespace Lowrank.Diffusion;

/// <summary>What AUTOMATIC1111 sets of UniPC, beside its order and its schedule ("skip type").</summary>
/// <param name="Variant">How estimates are weighed; null means the sampler's own: bh1, or bh2 in that of its name.</param>
/// <param name="LowerOrderLast">Whether the last steps are of lower order.</param>
public sealed record UniPcOptions(UniPcVariant? Variant = null, bool LowerOrderLast = true);
