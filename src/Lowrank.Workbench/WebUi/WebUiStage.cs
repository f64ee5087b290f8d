namespace Lowrank.Workbench;

/// <summary>A model at work in a pass of a web UI's job, with its autoencoders.</summary>
/// <param name="Network">Its networks, with the adapters of the prompt.</param>
/// <param name="Codecs">Its autoencoders.</param>
/// <param name="Encoder">The way of pictures into them.</param>
sealed record WebUiStage(WebUiNetwork Network, WebUiCodecs Codecs, WebUiEncoder Encoder)
{
    /// <summary>A picture of latents (1, C, H, W).</summary>
    /// <exception cref="SpoiltPictureException">The answer is no picture.</exception>
    public Picture Decoded(Tensor latents)
    {
        var image = Codecs.Decoder.Decode(latents)[0];
        if (!image.isfinite().all().ToBoolean())
            throw new SpoiltPictureException("The autoencoder's answer is NaN or infinite: the picture would be black");
        return PictureTransforms.FromTensor(image, truncates: true);
    }
}
