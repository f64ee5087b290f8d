namespace Lowrank.Workbench;

/// <summary>Enlarges what the first pass of a web UI's job drew.</summary>
/// <param name="first">The model that drew it.</param>
/// <param name="second">The model that goes on.</param>
/// <param name="upscaler">How it is enlarged; null is "Latent".</param>
/// <param name="size">To what.</param>
/// <param name="maskWeight">How much of a masked part inpainting models are not shown.</param>
/// <param name="watch">Who looks over its shoulder.</param>
/// <param name="device">Where latents lie.</param>
sealed class WebUiEnlarger(
    WebUiStage first, WebUiStage second, string? upscaler, HiresSize size, double maskWeight, WebUiWatch watch, Device device)
{
    /// <summary>Latents at the second size, and what inpainting models are shown beside them.</summary>
    /// <param name="latents">The first pass's.</param>
    /// <param name="own">A seed for each picture.</param>
    public (Tensor Latents, Tensor? Beside) Enlarge(Tensor latents, long[] own)
    {
        var (larger, beside) = WebUiEnlarging.Named(upscaler) is { } way ? AsLatents(latents, way, own) : AsPictures(latents, own);
        return (Cut(larger), beside is null ? null : Cut(beside));
    }

    (Tensor Latents, Tensor? Beside) AsLatents(Tensor latents, WebUiEnlarging way, long[] own)
    {
        var larger = way.Enlarge(latents, size.LatentWidth, size.LatentHeight);
        if (!second.Network.ShowsMask) return (larger, null);
        var beside = maskWeight < 1
            ? second.Encoder.Masked(second.Codecs.Decoder.Decode(larger), null, own, EncodingRound.LargerShown)
            : second.Encoder.MaskedAllOver(size.Width, size.Height, own, EncodingRound.LargerShown);
        return (larger, beside);
    }

    (Tensor Latents, Tensor? Beside) AsPictures(Tensor latents, long[] own)
    {
        watch.Decoding?.Invoke(latents);
        var scaling = Upscalers.Named(upscaler!);
        var pictures = own.Select((_, i) => PictureTransforms.ToTensor(
            PictureFitting.Fit(first.Decoded(latents[i..(i + 1)]), size.Width, size.Height, PictureFit.Stretch, scaling)));
        var each = stack([.. pictures]).to(device);
        var larger = second.Encoder.Encode(each, own, EncodingRound.Larger);
        // It is shown them in [0, 1] here, as the web UI does.
        var beside = second.Network.ShowsMask ? second.Encoder.Masked((each + 1) / 2, null, own, EncodingRound.LargerShown) : null;
        return (larger, beside);
    }

    Tensor Cut(Tensor latents)
    {
        var (_, _, rows, columns) = latents.shape;
        return latents.narrow(2, size.CutDown / 2, rows - size.CutDown / 2 - (size.CutDown + 1) / 2)
            .narrow(3, size.CutAcross / 2, columns - size.CutAcross / 2 - (size.CutAcross + 1) / 2);
    }
}
