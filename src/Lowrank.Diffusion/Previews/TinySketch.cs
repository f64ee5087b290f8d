using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>A look by TAESD, a small autoencoder made for the same latents.</summary>
/// <param name="model">The small autoencoder, which is freed with this.</param>
public sealed class TinySketch(AutoencoderTiny model) : LatentSketch
{
    /// <inheritdoc/>
    public override string About => "TAESD";

    /// <inheritdoc/>
    public override Picture Draw(Tensor latents)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (channels, height, width) = latents.shape;
        if (channels != model.Config.LatentChannels)
            throw new ShapeException(
                $"a TAESD for {model.Config.LatentChannels} channels cannot draw latents ({channels}, {height}, {width})");
        var weights = model.parameters().First();
        return PictureTransforms.FromTensor(model.Decode(latents.unsqueeze(0).to(weights.dtype, weights.device))[0]);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) model.Dispose();
        base.Dispose(disposing);
    }
}
