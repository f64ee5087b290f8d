namespace Lowrank.Diffusion;

/// <summary>How much the pixels around a point weigh in it.</summary>
/// <param name="Support">How far it reaches, in pixels of the larger raster.</param>
/// <param name="Weight">The weight at a distance; weights need not sum to 1.</param>
/// <remarks>Source: Pillow 9.5.0, src/libImaging/Resample.c.</remarks>
public sealed record ResamplingKernel(double Support, Func<double, double> Weight)
{
    /// <summary>Cubic convolution with a = −0.5 (Keys 1981).</summary>
    public static ResamplingKernel Bicubic { get; } = new(2, distance =>
    {
        const double a = -0.5;
        double x = Math.Abs(distance);
        if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    });

    /// <summary>Lanczos with three lobes: sinc(x)·sinc(x/3).</summary>
    public static ResamplingKernel Lanczos { get; } = new(3, x => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0);

    static double Sinc(double x)
    {
        if (x == 0) return 1;
        x *= Math.PI;
        return Math.Sin(x) / x;
    }
}
