namespace Lowrank.Diffusion;

/// <summary>The part of a picture that stays, which is laid over what was drawn: there the picture is the old one, byte for byte.</summary>
/// <remarks>Source: AUTOMATIC1111, modules/processing.py, apply_overlay and uncrop, at 1.10.1.</remarks>
public sealed class PictureOverlay
{
    readonly byte[] kept;
    readonly int width, height;

    /// <summary>What a mask leaves of a picture.</summary>
    /// <param name="picture">The old picture.</param>
    /// <param name="mask">Of the same size: 255 shows what was drawn, 0 the old picture.</param>
    /// <exception cref="LowrankException">The sizes differ.</exception>
    public PictureOverlay(Picture picture, Mask mask)
    {
        kept = MaskedPixels.Straight(MaskedPixels.Kept(picture, mask, what: "lay the old picture over the new one"));
        (width, height) = (picture.Width, picture.Height);
    }

    /// <summary>What was drawn, under what stays of the old picture.</summary>
    /// <param name="drawn">Of the old picture's size; or of any, if a region is given.</param>
    /// <param name="region">The part of the old picture that was drawn anew; null means all of it.</param>
    /// <exception cref="LowrankException">The sizes do not go together.</exception>
    public Picture Over(Picture drawn, PictureRegion? region = null)
    {
        var at = region ?? PictureRegion.Whole(width, height);
        at.CheckWithin(width, height, "picture");
        if (region is not null) drawn = PictureFitting.Fit(drawn, at.Width, at.Height, PictureFit.Crop);
        if ((drawn.Width, drawn.Height) != (at.Width, at.Height))
            throw new LowrankException($"A picture of {drawn.Width}x{drawn.Height} does not lie under one of {width}x{height}.");
        var below = new byte[kept.Length];   // clear where nothing was drawn
        for (int y = 0; y < at.Height; y++)
            for (int x = 0; x < at.Width; x++)
            {
                int to = 4 * ((at.Top + y) * width + at.Left + x);
                drawn.Pixels.AsSpan(3 * (y * at.Width + x), 3).CopyTo(below.AsSpan(to));
                below[to + 3] = 255;
            }
        for (int i = 0; i < below.Length; i += 4) ByteBlend.Compose(below.AsSpan(i, 4), kept.AsSpan(i, 4));
        return new(width, height, MaskedPixels.Colours(below)) { InfoText = drawn.InfoText };
    }
}
