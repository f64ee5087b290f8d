namespace Lowrank.Cli;

/// <summary>How colourful a picture looks: 0 for greys, about 15 slightly, 45 quite, above 80 extremely colourful.</summary>
/// <remarks>Hasler and Süsstrunk, "Measuring colourfulness in natural images", 2003: over rg = R - G and yb = (R + G)/2 - B,
/// √(σ²(rg) + σ²(yb)) + 0.3 √(μ²(rg) + μ²(yb)).</remarks>
static class Colourfulness
{
    /// <summary>Of pixels in the order R, G, B, each 0 to 255.</summary>
    public static double Of(ReadOnlySpan<byte> rgb)
    {
        if (rgb.Length == 0 || rgb.Length % 3 != 0) throw new ArgumentException($"{rgb.Length} bytes are no RGB pixels", nameof(rgb));
        int pixels = rgb.Length / 3;
        double sumRg = 0, sumYb = 0, squaresRg = 0, squaresYb = 0;
        for (int i = 0; i < rgb.Length; i += 3)
        {
            double rg = rgb[i] - rgb[i + 1], yb = (rgb[i] + rgb[i + 1]) / 2.0 - rgb[i + 2];
            (sumRg, sumYb) = (sumRg + rg, sumYb + yb);
            (squaresRg, squaresYb) = (squaresRg + rg * rg, squaresYb + yb * yb);
        }
        double meanRg = sumRg / pixels, meanYb = sumYb / pixels;
        double variance = squaresRg / pixels - meanRg * meanRg + squaresYb / pixels - meanYb * meanYb;
        return Math.Sqrt(Math.Max(0, variance)) + 0.3 * Math.Sqrt(meanRg * meanRg + meanYb * meanYb);
    }
}
