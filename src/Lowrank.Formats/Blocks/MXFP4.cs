using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>32 elements: a power of two as its exponent e, 16 bytes of which the lower halves are the first 16 codes; x = 2^(e-128) times
/// twice the 4-bit float (E2M1) of the code.</summary>
readonly unsafe struct MXFP4 : IBlockCodec
{
    const int Half = 16, Codes = 1;

    // The scale of the largest value, 6, is two powers below it.
    const int LargestExponent = 2, Bias = 127;

    // Twice the values of E2M1, so that all are whole.
    static ReadOnlySpan<sbyte> Values => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    public static void Decode(byte* block, float* values)
    {
        float scale = PowerOfTwo(*block);
        for (int i = 0; i < Half; i++)
        {
            values[i] = Values[block[Codes + i] & 15] * scale;
            values[i + Half] = Values[block[Codes + i] >> 4] * scale;
        }
    }

    public static void DecodeLanes(byte* block, float* values)
    {
        float scale = PowerOfTwo(*block);
        var codes = Vector128.Load(block + Codes);
        var table = Vector128.Create(Values);
        BlockLanes.Scale(Vector128.Shuffle(table, BlockLanes.Low(codes).AsSByte()), scale, values);
        BlockLanes.Scale(Vector128.Shuffle(table, BlockLanes.High(codes).AsSByte()), scale, values + Half);
    }

    // 2^(e-128); the first two have no exponent of their own in a float.
    static float PowerOfTwo(byte exponent) =>
        BitConverter.UInt32BitsToSingle(exponent < 2 ? 0x00200000u << exponent : (uint)(exponent - 1) << 23);

    public static void Encode(float* values, byte* block)
    {
        *block = ExponentOf(Math.Abs(BlockRange.Largest(values, 2 * Half)));
        float scale = PowerOfTwo(*block);
        for (int i = 0; i < Half; i++)
            block[Codes + i] = (byte)(Nearest(values[i], scale) | Nearest(values[i + Half], scale) << 4);
    }

    static byte ExponentOf(float most)
    {
        // As C's log2f, in float: just below a power of two it may round up to it.
        int exponent = most > 0 ? (int)MathF.Floor((float)Math.Log2(most)) - LargestExponent + Bias : 0;
        return (byte)Math.Max(exponent, 0);
    }

    // Of codes as near as each other the first.
    static int Nearest(float value, float scale)
    {
        int nearest = 0;
        float least = Math.Abs(Values[0] * scale - value);
        for (int code = 1; code < 16; code++)
        {
            float error = Math.Abs(Values[code] * scale - value);
            if (error < least) (nearest, least) = (code, error);
        }
        return nearest;
    }

    public static void EncodeLanes(float* values, byte* block)
    {
        *block = ExponentOf(CodeLanes.LargestMagnitude(values));
        var scale = Vector256.Create(PowerOfTwo(*block));
        byte* codes = stackalloc byte[2 * Half];
        for (int i = 0; i < 2 * Half; i += PartLanes.Count)
            PartLanes.Store(NearestLanes(Vector256.Load(values + i), scale), codes + i);
        CodeLanes.Pack(codes, block + Codes);
    }

    static Vector256<int> NearestLanes(Vector256<float> values, Vector256<float> scale)
    {
        var nearest = Vector256<int>.Zero;
        var least = Vector256.Abs(Vector256.Create((float)Values[0]) * scale - values);
        for (int code = 1; code < 16; code++)
        {
            var error = Vector256.Abs(Vector256.Create((float)Values[code]) * scale - values);
            var isNearer = Vector256.LessThan(error, least);
            nearest = Vector256.ConditionalSelect(isNearer.AsInt32(), Vector256.Create(code), nearest);
            least = Vector256.ConditionalSelect(isNearer, error, least);
        }
        return nearest;
    }
}
