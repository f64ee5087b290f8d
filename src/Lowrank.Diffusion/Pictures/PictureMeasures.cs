namespace Lowrank.Diffusion;

/// <summary>Numbers that say something about a picture.</summary>
public static class PictureMeasures
{
    /// <summary>Colourfulness: 0 for grey, about 15 slightly, 33 moderately, 59 quite and 109 extremely colourful.</summary>
    /// <remarks>
    /// Hasler and Süsstrunk 2003, "Measuring colourfulness in natural images", section 7: σ + 0.3·μ over the opponent axes R−G and
    /// (R+G)/2−B.
    /// </remarks>
    public static double Colourfulness(Picture picture)
    {
        double count = (double)picture.Width * picture.Height;
        double sumA = 0, sumB = 0, squaresA = 0, squaresB = 0;
        for (int i = 0; i < picture.Pixels.Length; i += 3)
        {
            double r = picture.Pixels[i], g = picture.Pixels[i + 1], b = picture.Pixels[i + 2];
            double redGreen = r - g, yellowBlue = (r + g) / 2 - b;
            (sumA, squaresA) = (sumA + redGreen, squaresA + redGreen * redGreen);
            (sumB, squaresB) = (sumB + yellowBlue, squaresB + yellowBlue * yellowBlue);
        }
        double meanA = sumA / count, meanB = sumB / count;
        double deviation = Math.Sqrt(Math.Max(squaresA / count - meanA * meanA + squaresB / count - meanB * meanB, 0));
        return deviation + 0.3 * Math.Sqrt(meanA * meanA + meanB * meanB);
    }
}
