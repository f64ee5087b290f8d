namespace Lowrank.Workbench;

/// <summary>Makes the latents that a web UI's job with pictures begins with.</summary>
/// <param name="request">The request.</param>
/// <param name="prepared">Its pictures, brought to the size.</param>
/// <param name="stage">The model at work.</param>
/// <param name="noises">The job's noise.</param>
/// <param name="device">Where latents lie.</param>
sealed class WebUiBeginning(
    WebUiRequest request, PreparedPictures prepared, WebUiStage stage, WebUiNoises noises, Device device)
{
    readonly ChangedPictures given = request.Pictures!;

    /// <summary>Makes them.</summary>
    /// <param name="own">A seed for each picture of a batch.</param>
    /// <param name="size">Pixels that are drawn.</param>
    public WebUiStart Make(long[] own, (int Width, int Height) size)
    {
        var each = stack([.. own.Select((_, i) =>
            PictureTransforms.ToTensor(prepared.Pictures[prepared.Pictures.Count == 1 ? 0 : i]))]).to(device);
        var latents = stage.Encoder.Encode(each, own, EncodingRound.Picture);
        int factor = stage.Codecs.Factor;
        if (given.StretchesLatents)
            latents = LatentScaling.Resize(latents, size.Height / factor, size.Width / factor, "bilinear");
        var (_, _, rows, columns) = latents.shape;
        var mask = prepared.Mask is { } some ? LatentMask.Of(some, (int)columns, (int)rows, given.MaskRound).to(device) : null;
        if (mask is not null) latents = Filled(latents, mask, own);
        var beside = stage.Network.ShowsMask ? stage.Encoder.Masked(each, Shown(), own, EncodingRound.Shown) : null;
        return new(latents, mask, beside);
    }

    /// <summary>Tells what the pictures' texts tell of it.</summary>
    public void Tell(InfoFields facts)
    {
        if (prepared.Mask is not null && MaskedContents.IsOfLatents(given.Fill))
            facts.Add(MaskedContents.Field, MaskedContents.LabelOf(given.Fill));
    }

    Tensor Filled(Tensor latents, Tensor mask, long[] own)
    {
        if (!MaskedContents.IsOfLatents(given.Fill)) return latents;
        var kept = latents * (1 - mask);
        if (given.Fill == MaskedContent.Nothing) return kept;
        using var noise = noises.Plain(own, latents.shape[1..]);
        return kept + noise.First() * mask;
    }

    // What an inpainting model is shown of the mask, (1, 1, H, W).
    Tensor? Shown()
    {
        if (prepared.Mask is not { } mask) return null;
        long[] shape = [1, 1, mask.Height, mask.Width];
        var levels = tensor(mask.Levels, shape, dtype: ScalarType.Byte, device: device).to(ScalarType.Float32) / 255;
        return given.MaskRound ? levels.round() : levels;
    }
}
