using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>Pixels by which a picture grows, to be drawn there (outpainting).</summary>
/// <param name="Left">Pixels on the left, from 0.</param>
/// <param name="Top">Pixels above.</param>
/// <param name="Right">Pixels on the right.</param>
/// <param name="Bottom">Pixels below.</param>
public readonly record struct Outpainting(int Left, int Top, int Right, int Bottom)
{
    /// <summary>Reads "64,0,64,0"; null for anything but four whole numbers from 0, of which one is above.</summary>
    public static Outpainting? Read(string text)
    {
        int?[] sides = [.. text.Split(',').Select(PlainValue.ReadWhole)];
        if (sides is not [>= 0 and var left, >= 0 and var top, >= 0 and var right, >= 0 and var bottom]) return null;
        var read = new Outpainting(left, top, right, bottom);
        return read == default ? null : read;
    }

    /// <summary>What <see cref="Read"/> reads.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Left},{Top},{Right},{Bottom}");

    /// <summary>The same, grown on the right and below until both sides are multiples of a number.</summary>
    /// <param name="width">Pixels of the picture across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="factor">The number.</param>
    public Outpainting Rounded(int width, int height, int factor) => this with
    {
        Right = Right + Lacking(width + Left + Right, factor), Bottom = Bottom + Lacking(height + Top + Bottom, factor),
    };

    static int Lacking(int side, int factor) => (factor - side % factor) % factor;

    /// <summary>The picture in the larger one, whose new part has the colours of the nearest edge.</summary>
    public Picture Around(Picture picture)
    {
        var (width, height) = (picture.Width + Left + Right, picture.Height + Top + Bottom);
        var larger = new byte[3L * width * height];
        for (int y = 0; y < height; y++)
        {
            int from = Math.Clamp(y - Top, 0, picture.Height - 1) * picture.Width;
            for (int x = 0; x < width; x++)
            {
                int pixel = 3 * (from + Math.Clamp(x - Left, 0, picture.Width - 1));
                picture.Pixels.AsSpan(pixel, 3).CopyTo(larger.AsSpan(3 * (y * width + x)));
            }
        }
        return new(width, height, larger) { InfoText = picture.InfoText };
    }

    /// <summary>A mask in the larger one, whose new part is changed.</summary>
    /// <param name="mask">Of the picture's size; black where nothing of the picture itself is changed.</param>
    public Mask Around(Mask mask)
    {
        var larger = Mask.Filled(mask.Width + Left + Right, mask.Height + Top + Bottom, 255);
        for (int y = 0; y < mask.Height; y++)
            mask.Levels.AsSpan(y * mask.Width, mask.Width).CopyTo(larger.Levels.AsSpan((y + Top) * larger.Width + Left));
        return larger;
    }
}
