namespace Lowrank.Diffusion;

/// <summary>Pictures as pixels of red, green, blue and alpha, from which a mask has taken a part.</summary>
/// <remarks>Source: Pillow 9.5.0, src/libImaging/Convert.c (RGBa to RGBA) and Paste.c.</remarks>
static class MaskedPixels
{
    /// <summary>What a mask keeps of a picture; colours are multiplied by their alpha.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="mask">Of its size: 255 takes away, 0 keeps.</param>
    /// <param name="what">What the mask is for, for the error.</param>
    /// <exception cref="LowrankException">The sizes differ.</exception>
    public static byte[] Kept(Picture picture, Mask mask, string what)
    {
        if ((mask.Width, mask.Height) != (picture.Width, picture.Height))
            throw new LowrankException(
                $"The mask to {what} has {mask.Width}x{mask.Height} pixels, and the picture {picture.Width}x{picture.Height}. " +
                "Bring one of them to the other's size first.");
        var kept = new byte[4 * mask.Levels.Length];
        for (int i = 0; i < mask.Levels.Length; i++)
        {
            int share = 255 - mask.Levels[i];
            for (int c = 0; c < 3; c++) kept[4 * i + c] = ByteBlend.Divide255(picture.Pixels[3 * i + c] * share);
            kept[4 * i + 3] = (byte)share;
        }
        return kept;
    }

    /// <summary>The same pixels with their colours divided by their alpha again.</summary>
    public static byte[] Straight(byte[] multiplied)
    {
        var straight = (byte[])multiplied.Clone();
        for (int i = 0; i < straight.Length; i += 4)
        {
            int alpha = straight[i + 3];
            if (alpha is 0 or 255) continue;
            for (int c = 0; c < 3; c++) straight[i + c] = (byte)Math.Min(255 * straight[i + c] / alpha, 255);
        }
        return straight;
    }

    /// <summary>Their colours alone.</summary>
    public static byte[] Colours(byte[] pixels)
    {
        var colours = new byte[pixels.Length / 4 * 3];
        for (int i = 0; i < pixels.Length / 4; i++) pixels.AsSpan(4 * i, 3).CopyTo(colours.AsSpan(3 * i));
        return colours;
    }
}
