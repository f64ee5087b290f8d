namespace Lowrank.Formats;

/// <summary>The 256 values of each 8-bit float.</summary>
static class Float8
{
    internal static float[] E4M3 { get; } = Values(FromE4M3);

    internal static float[] E5M2 { get; } = Values(FromE5M2);

    static float[] Values(Func<byte, float> value) => [.. Enumerable.Range(0, 256).Select(code => value((byte)code))];

    // Bias 7; no infinities, so that the largest value is 448.
    static float FromE4M3(byte code)
    {
        int exponent = code >> 3 & 15, mantissa = code & 7;
        float magnitude = (exponent, mantissa) switch
        {
            (15, 7) => float.NaN,
            (0, _) => MathF.ScaleB(mantissa, -9),
            _ => MathF.ScaleB(8 + mantissa, exponent - 10),
        };
        return code < 128 ? magnitude : -magnitude;
    }

    static float FromE5M2(byte code) => (float)BitConverter.UInt16BitsToHalf((ushort)(code << 8));
}
