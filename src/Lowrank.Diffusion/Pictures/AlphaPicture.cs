namespace Lowrank.Diffusion;

/// <summary>A picture as its file holds it: colours, and beside them how opaque each pixel is.</summary>
/// <param name="Colours">The colours, not multiplied by their alpha; those of clear pixels included.</param>
/// <param name="Alpha">255 for opaque, 0 for clear; null if the file says nothing of it.</param>
public sealed record AlphaPicture(Picture Colours, Mask? Alpha)
{
    // Above it a pixel counts as opaque.
    const byte Middle = 128;

    /// <summary>The picture laid on a ground of one colour, rounded as Pillow does.</summary>
    public Picture On(Colour ground)
    {
        if (Alpha is null) return Colours;
        var (pixels, laid) = (Colours.Pixels, new byte[Colours.Pixels.Length]);
        for (int i = 0; i < Alpha.Levels.Length; i++)
        {
            byte alpha = Alpha.Levels[i];
            laid[3 * i] = ByteBlend.Mix(alpha, ground.Red, pixels[3 * i]);
            laid[3 * i + 1] = ByteBlend.Mix(alpha, ground.Green, pixels[3 * i + 1]);
            laid[3 * i + 2] = ByteBlend.Mix(alpha, ground.Blue, pixels[3 * i + 2]);
        }
        return new(Colours.Width, Colours.Height, laid) { InfoText = Colours.InfoText };
    }

    /// <summary>
    /// The picture as a mask of what is to be changed: its alpha, where that says anything (is not 255 everywhere), else how light it is.
    /// </summary>
    /// <param name="rounded">Whether alpha counts as all (above 128) or nothing.</param>
    /// <remarks>Source: AUTOMATIC1111, modules/processing.py, create_binary_mask, at 1.10.1.</remarks>
    public Mask ToMask(bool rounded = true)
    {
        bool isOpaque = Alpha is null || !Alpha.Levels.AsSpan().ContainsAnyExcept((byte)255);
        if (isOpaque) return Mask.LightOf(Colours);
        return rounded ? Alpha!.Each(level => level > Middle ? (byte)255 : (byte)0) : Alpha!;
    }
}
