using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>Turns sampled latents into pictures.</summary>
/// <param name="model">The model whose autoencoder is asked; it lies on <paramref name="device"/>.</param>
/// <param name="device">Where.</param>
public sealed class LatentDecoder(StableDiffusion model, Device device)
{
    /// <summary>Pictures (B, 3, H, W), about in [−1, 1], float32, of latents scaled as the network sees them.</summary>
    public Tensor Decode(Tensor latents)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        // bfloat16 has float32's range. float16 has not, overflows in XL's autoencoder, and is slow on a CPU.
        var dtype = model.Vae.parameters().First().dtype == ScalarType.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        var pictures = model.Vae.Decode((latents / model.VaeConfig.ScalingFactor).to(dtype, device));
        return scope.MoveToOuter(pictures.to(ScalarType.Float32));
    }
}
