using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>Pictures to latents as a denoising network sees them, and back.</summary>
/// <param name="vae">The autoencoder; it lies on <paramref name="device"/>.</param>
/// <param name="device">Where it is computed.</param>
public sealed class LatentCodec(AutoencoderKL vae, Device device)
{
    /// <summary>Its shape.</summary>
    public VaeConfig Config => vae.Config;

    /// <summary>Latents, float32 and scaled as the network sees them, of pictures (B, 3, H, W) in [−1, 1].</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="draw">A normal draw of the latents' shape, which picks them from their distribution.</param>
    public Tensor Encode(Tensor pictures, Tensor draw)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var distribution = vae.Encode(pictures.to(Dtype, device));
        return scope.MoveToOuter((distribution.Sample(draw) * vae.Config.ScalingFactor).to(ScalarType.Float32));
    }

    /// <summary>Pictures (B, 3, H, W), about in [−1, 1], float32, of latents scaled as the network sees them.</summary>
    public Tensor Decode(Tensor latents)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var pictures = vae.Decode((latents / vae.Config.ScalingFactor).to(Dtype, device));
        return scope.MoveToOuter(pictures.to(ScalarType.Float32));
    }

    // bfloat16 has float32's range. float16 has not, overflows in XL's autoencoder, and is slow on a CPU.
    ScalarType Dtype => vae.parameters().First().dtype == ScalarType.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
}
