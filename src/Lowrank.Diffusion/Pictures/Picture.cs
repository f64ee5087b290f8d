namespace Lowrank.Diffusion;

/// <summary>A picture in memory: 8-bit RGB, rows from the top, three bytes a pixel.</summary>
public sealed class Picture
{
    /// <summary>A picture over its pixels, which are not copied.</summary>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="pixels">width·height·3 bytes.</param>
    public Picture(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (width < 1 || height < 1 || pixels.LongLength != 3L * width * height)
            throw new LowrankException(
                $"A picture of {width}x{height} pixels needs {3L * width * height} bytes, and {pixels.LongLength} were given.");
        (Width, Height, Pixels) = (width, height, pixels);
    }

    /// <summary>Pixels across.</summary>
    public int Width { get; }

    /// <summary>Pixels down.</summary>
    public int Height { get; }

    /// <summary>R, G, B of each pixel.</summary>
    public byte[] Pixels { get; }

    /// <summary>How it was made, in AUTOMATIC1111's words; null if nobody says.</summary>
    public string? InfoText { get; init; }

    /// <summary>Further texts that are to stand in its file, by their keywords: ComfyUI's <c>prompt</c> and <c>workflow</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> OtherTexts { get; init; } = [];

    /// <summary>A picture of one colour.</summary>
    public static Picture Filled(int width, int height, byte red, byte green, byte blue)
    {
        long size = 3L * width * height;
        if (width < 1 || height < 1 || size > Array.MaxLength)
            throw new LowrankException($"A picture of {width}x{height} pixels cannot be made (from 1x1 to {Array.MaxLength / 3} pixels).");
        var pixels = new byte[size];
        for (int i = 0; i < pixels.Length; i += 3) (pixels[i], pixels[i + 1], pixels[i + 2]) = (red, green, blue);
        return new Picture(width, height, pixels);
    }

    /// <summary>Copies another picture into this one, its upper left corner at (x, y); it must fit.</summary>
    public void Paste(Picture other, int x, int y)
    {
        for (int row = 0; row < other.Height; row++)
            other.Pixels.AsSpan(3 * row * other.Width, 3 * other.Width).CopyTo(Pixels.AsSpan(3 * ((y + row) * Width + x)));
    }

    /// <summary>Copies as much of another picture into this one as lies within; its upper left corner (x, y) may be outside.</summary>
    public void PasteWithin(Picture other, int x, int y)
    {
        int left = Math.Max(x, 0), right = Math.Min(x + other.Width, Width);
        if (left >= right) return;
        for (int row = Math.Max(y, 0); row < Math.Min(y + other.Height, Height); row++)
        {
            var source = other.Pixels.AsSpan(3 * ((row - y) * other.Width + left - x), 3 * (right - left));
            source.CopyTo(Pixels.AsSpan(3 * (row * Width + left)));
        }
    }
}
