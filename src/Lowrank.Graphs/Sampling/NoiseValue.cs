namespace Lowrank.Graphs;

/// <summary>Where the noise that sampling starts with comes from, and what samplers draw later.</summary>
/// <param name="Seed">64 bits, of which the generator of the CPU heeds the low 32.</param>
/// <param name="IsEmpty">Whether the start gets none; samplers draw by the seed all the same.</param>
public sealed record NoiseValue(ulong Seed, bool IsEmpty = false) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Noise;

    /// <summary>The noise of latents.</summary>
    public ComfyNoise For(LatentValue latent, Device device) => Of(Seed, latent, device, latent.BatchIndex);

    /// <summary>The noise that ComfyUI's <c>ddim</c> mixes in outside a noise mask: the next seed's, drawn for the batch at once.</summary>
    public Tensor OtherFor(LatentValue latent, Device device)
    {
        using var noise = Of(unchecked(Seed + 1), latent, device, null);
        return noise.First();
    }

    static ComfyNoise Of(ulong seed, LatentValue latent, Device device, IReadOnlyList<int>? indices)
    {
        long[] shape = latent.Samples.shape;
        return new ComfyNoise(unchecked((long)seed), (int)shape[0], shape[1..], device, indices);
    }
}
