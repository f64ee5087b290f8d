using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>To what size the first pass is enlarged for the second.</summary>
/// <param name="Width">Pixels across, before what sticks out is cut off.</param>
/// <param name="Height">Pixels down, before what sticks out is cut off.</param>
/// <param name="CutAcross">Latent columns that stick out of the size asked for; half is cut off on each side.</param>
/// <param name="CutDown">Latent rows that stick out.</param>
/// <param name="Fact">How a picture's text tells it: "Hires upscale" with the factor, or "Hires resize" with the size.</param>
/// <remarks>Source: AUTOMATIC1111, modules/processing.py, calculate_target_resolution, at 1.10.1.</remarks>
public sealed record HiresSize(int Width, int Height, int CutAcross, int CutDown, KeyValuePair<string, string> Fact)
{
    // Pixels to a side of a latent one.
    const int LatentFactor = 8;
    const int FirstPassSide = 512, FirstPassMultiple = 64;

    /// <summary>Columns of the enlarged latents.</summary>
    public int LatentWidth => Width / LatentFactor;

    /// <summary>Rows of the enlarged latents.</summary>
    public int LatentHeight => Height / LatentFactor;

    /// <summary>Both sides times a factor, cut to whole pixels.</summary>
    public static HiresSize Scaled(int width, int height, double scale)
    {
        // Python writes a whole number of this kind with its point.
        string text = Math.Floor(scale) == scale ? string.Create(CultureInfo.InvariantCulture, $"{scale:0}.0") : PlainValue.Text(scale);
        return new((int)(width * scale), (int)(height * scale), 0, 0, new("Hires upscale", text));
    }

    /// <summary>To a size: both sides, or one side and 0, which keeps the form. Of another form, the longer side sticks out.</summary>
    /// <exception cref="LowrankException">Both sides are 0, or one is below.</exception>
    public static HiresSize Resized(int width, int height, int toWidth, int toHeight)
    {
        if (toWidth < 0 || toHeight < 0 || toWidth + toHeight == 0)
            throw new LowrankException(
                $"hires cannot go to {toWidth}x{toHeight}; give one side at least, from 1 pixel (0 follows the other side).");
        var fact = new KeyValuePair<string, string>("Hires resize", string.Create(CultureInfo.InvariantCulture, $"{toWidth}x{toHeight}"));
        bool followsWidth = toHeight == 0 || toWidth > 0 && (double)width / height < (double)toWidth / toHeight;
        var (across, down) = followsWidth
            ? (toWidth, (int)((long)toWidth * height / width))
            : ((int)((long)toHeight * width / height), toHeight);
        bool isWhole = toWidth == 0 || toHeight == 0;
        return new(across, down, isWhole ? 0 : (across - toWidth) / LatentFactor, isWhole ? 0 : (down - toHeight) / LatentFactor, fact);
    }

    /// <summary>
    /// The size of the first pass where the whole size alone is told, as early web UIs had it: about 512 by 512 pixels in the same form, in
    /// multiples of 64.
    /// </summary>
    public static (int Width, int Height) FirstPass(int width, int height)
    {
        double scale = Math.Sqrt(FirstPassSide * FirstPassSide / ((double)width * height));
        return (Side(width), Side(height));

        int Side(int side) => (int)Math.Ceiling(scale * side / FirstPassMultiple) * FirstPassMultiple;
    }
}
