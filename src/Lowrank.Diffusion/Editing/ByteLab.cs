namespace Lowrank.Diffusion;

/// <summary>Bytes of red, green and blue to bytes of CIE L*a*b* and back, in OpenCV's whole numbers.</summary>
/// <remarks>
/// Source: OpenCV 4.11, modules/imgproc/src/color_lab.cpp (RGB2Lab_b, Lab2RGBinteger): L in 255ths of 100, a and b from −128; D65.
/// </remarks>
static class ByteLab
{
    // Bits behind the point: of XYZ, of linear light, of cube roots, of XYZ on the way back, and of gamma's table on the way back.
    const int XyzBits = 12, LightBits = 3, RootBits = XyzBits + LightBits, Bits = 14, TableBits = 12;
    const int Base = 1 << Bits, LeastAb = -8145;

    static readonly double[] white = [0.950456, 1, 1.088754];
    static readonly double[] toXyz = [0.412453, 0.357580, 0.180423, 0.212671, 0.715160, 0.072169, 0.019334, 0.119193, 0.950227];
    static readonly double[] fromXyz = [3.240479, -1.53715, -0.498535, -0.969256, 1.875991, 0.041556, 0.055648, -0.204043, 1.057311];

    static readonly int[] forth = [.. toXyz.Select((c, i) => Round((1 << XyzBits) * c / white[i / 3]))];
    static readonly int[] back = [.. fromXyz.Select((c, i) => Round((1 << XyzBits) * c * white[i % 3]))];
    static readonly int[] light = [.. Enumerable.Range(0, 256).Select(i => Round(255 * (1 << LightBits) * Linear(i / 255f)))];
    static readonly int[] roots = [.. Enumerable.Range(0, 256 * 3 / 2 << LightBits).Select(Root)];
    static readonly int[] gamma = [.. Enumerable.Range(0, 1 << TableBits).Select(i => Round(255 * Gamma(i / (double)(1 << TableBits))))];
    static readonly int[] heights = [.. Enumerable.Range(0, 256).Select(Height)];
    static readonly int[] levels =
        [.. Enumerable.Range(0, 256).Select(i => i > 20 ? Cube(heights[i]) : Round(i * Base * 180 / (17 * 24389.0)))];

    static readonly int[] unrooted = [.. Enumerable.Range(LeastAb, Base * 9 / 4).Select(Unrooted)];

    /// <summary>L, a, b of each pixel.</summary>
    public static byte[] FromRgb(ReadOnlySpan<byte> rgb)
    {
        var lab = new byte[rgb.Length];
        for (int i = 0; i < rgb.Length; i += 3)
        {
            int r = light[rgb[i]], g = light[rgb[i + 1]], b = light[rgb[i + 2]];
            int x = RootOf(r, g, b, 0), y = RootOf(r, g, b, 3), z = RootOf(r, g, b, 6);
            const int scale = (116 * 255 + 50) / 100, shift = (16 * 255 * (1 << RootBits) + 50) / 100, middle = 128 << RootBits;
            lab[i] = Clamped(Rounded(scale * y - shift, RootBits));
            lab[i + 1] = Clamped(Rounded(500 * (x - y) + middle, RootBits));
            lab[i + 2] = Clamped(Rounded(200 * (y - z) + middle, RootBits));
        }
        return lab;

        static int RootOf(int r, int g, int b, int row) =>
            roots[Rounded(r * forth[row] + g * forth[row + 1] + b * forth[row + 2], XyzBits)];
    }

    /// <summary>Red, green and blue of each pixel.</summary>
    public static byte[] ToRgb(ReadOnlySpan<byte> lab)
    {
        var rgb = new byte[lab.Length];
        for (int i = 0; i < lab.Length; i += 3)
        {
            int y = levels[lab[i]], height = heights[lab[i]];
            int across = ((5 * lab[i + 1] * 53687 + (1 << 7)) >> 13) - 128 * Base / 500;
            int along = ((lab[i + 2] * 41943 + (1 << 4)) >> 9) - 128 * Base / 200 + 1;
            int x = unrooted[height + across - LeastAb], z = unrooted[height - along - LeastAb];
            for (int c = 0; c < 3; c++)
            {
                int sum = back[3 * c] * x + back[3 * c + 1] * y + back[3 * c + 2] * z;
                rgb[i + c] = (byte)gamma[Math.Clamp(Rounded(sum, XyzBits + Bits - TableBits), 0, gamma.Length - 1)];
            }
        }
        return rgb;
    }

    static int Rounded(int value, int bits) => (value + (1 << (bits - 1))) >> bits;

    static byte Clamped(int value) => (byte)Math.Clamp(value, 0, 255);

    static int Round(double value) => (int)Math.Round(value, MidpointRounding.ToEven);

    static double Linear(double x) => x <= 0.04045 ? x / 12.92 : Math.Pow((x + 0.055) / 1.055, 2.4);

    static double Gamma(double x) => x <= 0.0031308 ? x * 12.92 : 1.055 * Math.Pow(x, 1 / 2.4) - 0.055;

    static int Root(int i)
    {
        double x = i / (255.0 * (1 << LightBits));
        return Round((1 << RootBits) * (x < 216.0 / 24389 ? x * 841 / 108 + 16.0 / 116 : Math.Cbrt(x)));
    }

    static int Height(int i) => i > 20
        ? Round(i * 100.0 * Base / (255 * 116) + 16.0 * Base / 116) : Round(Base * (16.0 / 116 + i * 5 / (3.0 * 17 * 29)));

    static int Cube(int height) => Round((double)height * height * height / ((double)Base * Base));

    static int Unrooted(int i) => i <= 3390 ? i * 108 / 841 - Base * 16 / 116 * 108 / 841 : i * i / Base * i / Base;
}
