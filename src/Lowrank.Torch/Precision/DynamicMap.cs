namespace Lowrank.Torch;

/// <summary>bitsandbytes' map of 8 bits: values whose exponents are counted by leading zeros, the other bits their fractions.</summary>
/// <remarks>Dettmers 2016, arXiv:1511.04561; with 7 exponents.</remarks>
public static class DynamicMap
{
    const int Exponents = 7;

    /// <summary>256 values in [-1, 1], rising.</summary>
    public static IReadOnlyList<float> Signed { get; } = Made(isSigned: true);

    /// <summary>256 values in [0, 1], rising.</summary>
    public static IReadOnlyList<float> Unsigned { get; } = Made(isSigned: false);

    // For every exponent the midpoints of equal steps from 0.1 to 1, times a power of ten; in float32, as the peer computes them.
    static float[] Made(bool isSigned)
    {
        var values = new List<float> { 0, 1 };
        for (int exponent = 0; exponent < Exponents; exponent++)
        {
            int steps = 1 << (isSigned ? exponent : exponent + 1);
            for (int step = 0; step < steps; step++)
            {
                float value = (Bound(step, steps) + Bound(step + 1, steps)) / 2 * (float)Math.Pow(10, exponent - (Exponents - 1));
                values.Add(value);
                if (isSigned) values.Add(-value);
            }
        }
        return [.. values.Order()];
    }

    // As libtorch's linspace, to the bit: from the nearer end, each product fused with its sum.
    static float Bound(int step, int steps)
    {
        float length = (1f - 0.1f) / steps;
        return step < (steps + 1) / 2 ? MathF.FusedMultiplyAdd(length, step, 0.1f) : MathF.FusedMultiplyAdd(-length, steps - step, 1f);
    }
}
