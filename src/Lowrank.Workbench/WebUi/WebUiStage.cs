namespace Lowrank.Workbench;

/// <summary>A model at work in a pass of a web UI's job, with its autoencoder.</summary>
/// <param name="Network">Its networks, with the adapters of the prompt.</param>
/// <param name="Codec">Its autoencoder, or the one of choice.</param>
/// <param name="Encoder">The way of pictures into it.</param>
sealed record WebUiStage(WebUiNetwork Network, LatentCodec Codec, WebUiEncoder Encoder)
{
    /// <summary>A picture of latents (1, C, H, W).</summary>
    /// <exception cref="SpoiltPictureException">The answer is no picture.</exception>
    public Picture Decoded(Tensor latents)
    {
        var image = Codec.Decode(latents)[0];
        if (!image.isfinite().all().ToBoolean())
            throw new SpoiltPictureException("The autoencoder's answer is NaN or infinite: the picture would be black");
        return PictureTransforms.FromTensor(image, truncates: true);
    }
}
