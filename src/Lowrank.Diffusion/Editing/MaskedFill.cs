namespace Lowrank.Diffusion;

/// <summary>Fills what a mask covers with the colours around it, blurred ever less.</summary>
/// <remarks>Source: AUTOMATIC1111, modules/masking.py, fill, at 1.10.1.</remarks>
public static class MaskedFill
{
    // Radius of the blur, and how often that layer is laid on, from the bottom.
    static readonly (float Radius, int Times)[] layers = [(256, 1), (64, 1), (16, 2), (4, 4), (2, 2), (0, 1)];

    /// <summary>The picture with the masked part filled.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="mask">Of the same size: 255 is filled, 0 is kept, between is mixed.</param>
    /// <exception cref="LowrankException">The sizes differ.</exception>
    public static Picture Fill(Picture picture, Mask mask)
    {
        var kept = MaskedPixels.Kept(picture, mask, what: "fill");
        var (width, height) = (picture.Width, picture.Height);
        var filled = new byte[kept.Length];
        foreach (var (radius, times) in layers)
        {
            var layer = MaskedPixels.Straight(BoxBlur.Gaussian(kept, width, height, radius));
            for (int i = 0; i < filled.Length; i += BoxBlur.Channels)
                for (int time = 0; time < times; time++)
                    ByteBlend.Compose(filled.AsSpan(i, BoxBlur.Channels), layer.AsSpan(i, BoxBlur.Channels));
        }
        return new(width, height, MaskedPixels.Colours(filled)) { InfoText = picture.InfoText };
    }
}
