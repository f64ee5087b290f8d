namespace Lowrank.Diffusion;

/// <summary>Blurs masks as AUTOMATIC1111 does with OpenCV: along rows, then along columns, each with its own width.</summary>
/// <remarks>
/// Source: OpenCV 4.11, modules/imgproc/src/smooth.dispatch.cpp: a Gaussian kernel in 1/256 whose rounding errors are carried along;
/// AUTOMATIC1111, modules/processing.py, at 1.10.1: 2·int(2.5·σ + 0.5) + 1 pixels wide.
/// </remarks>
public static class MaskBlur
{
    const int Whole = 256;

    /// <summary>The mask blurred; edges are mirrored without their outermost pixel.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="across">σ along rows in pixels; 0 for none.</param>
    /// <param name="down">σ along columns in pixels; 0 for none.</param>
    /// <exception cref="LowrankException">A σ is below 0 or no number.</exception>
    public static Mask Gaussian(Mask mask, double across, double down)
    {
        if (!(across >= 0 && down >= 0 && double.IsFinite(across + down)))
            throw new LowrankException(
                $"a mask cannot be blurred by {PlainValue.Text(across)} and {PlainValue.Text(down)} pixels; give 0 or more.");
        var (width, height) = (mask.Width, mask.Height);
        var levels = mask.Levels;
        if (across > 0) levels = Along(levels, Kernel(across), lines: height, lineStride: width, length: width, stride: 1);
        if (down > 0) levels = Along(levels, Kernel(down), lines: width, lineStride: 1, length: height, stride: width);
        return new(width, height, levels);
    }

    // Weights in 1/256 that sum to 256.
    static int[] Kernel(double sigma)
    {
        int half = (int)(2.5 * sigma + 0.5), size = 2 * half + 1;
        double factor = -0.125 / (sigma * sigma);   // of (2x)²
        var values = new double[half];
        double sum = 0;
        for (int i = 0; i < half; i++) sum += values[i] = Math.Exp((2 * i + 1 - size) * (2 * i + 1 - size) * factor);
        double share = 1 / (2 * sum + 1);
        var weights = new int[size];
        var (carried, outer) = (0.0, 0);
        for (int i = 0; i < half; i++)
        {
            double exact = values[i] * share * Whole + carried;
            int rounded = (int)Math.Round(exact, MidpointRounding.ToEven);
            carried = exact - rounded;
            weights[i] = weights[size - 1 - i] = rounded;
            outer += 2 * rounded;
        }
        weights[half] = Whole - outer;
        return weights;
    }

    static byte[] Along(byte[] levels, int[] weights, int lines, int lineStride, int length, int stride)
    {
        int half = weights.Length / 2;
        int[] places = [.. Enumerable.Range(-half, length + 2 * half).Select(place => Mirrored(place, length) * stride)];
        var blurred = new byte[levels.Length];
        for (int line = 0; line < lines; line++)
        {
            int start = line * lineStride;
            for (int i = 0; i < length; i++)
            {
                int sum = Whole / 2;
                for (int j = 0; j < weights.Length; j++) sum += weights[j] * levels[start + places[i + j]];
                blurred[start + i * stride] = (byte)(sum / Whole);
            }
        }
        return blurred;
    }

    static int Mirrored(int place, int length)
    {
        if (length == 1) return 0;
        while (place < 0 || place >= length) place = place < 0 ? -place : 2 * length - 2 - place;
        return place;
    }
}
