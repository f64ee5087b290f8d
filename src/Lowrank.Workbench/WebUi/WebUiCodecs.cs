namespace Lowrank.Workbench;

/// <summary>
/// The autoencoders of a model at work: the one of choice, or its own, which is asked for each time that it is needed, so that it may be
/// freed between.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="chosen">The one of choice; null for the model's own.</param>
/// <param name="device">Where they are computed.</param>
sealed class WebUiCodecs(StableDiffusion model, Autoencoder? chosen, Device device)
{
    /// <summary>What makes pictures of latents.</summary>
    public LatentCodec Decoder => new(chosen ?? model.Vae, device);

    /// <summary>What makes latents of pictures: a decoder alone leaves that to the model's own.</summary>
    public LatentCodec Encoder => new(chosen is { Encodes: true } ? chosen : model.Vae, device);

    /// <summary>Channels of a latent.</summary>
    public int LatentChannels => chosen?.LatentChannels ?? model.VaeConfig.LatentChannels;

    /// <summary>Pixels per latent along an axis.</summary>
    public int Factor => chosen?.Factor ?? model.VaeConfig.Factor;
}
