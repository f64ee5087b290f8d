using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Formats;

/// <summary>256 elements as digits to the base of 3: 32 bytes of five digits each for elements 32 apart, 16 bytes of five for elements 16
/// apart, 4 bytes of four for elements 4 apart; a half d; x = d·(digit - 1).</summary>
/// <remarks>A byte is the digits' fraction of 243, times 256: times 3, what leaves the byte is a digit.</remarks>
readonly unsafe struct TQ1_0 : IBlockCodec
{
    const int Elements = 256, Scale = 52, Most = 5;

    public static void Decode(byte* block, float* values)
    {
        float scale = HalfBits.Load(block + Scale);
        Decode(block, 32, Most, scale, values);
        Decode(block + 32, 16, Most, scale, values + 160);
        Decode(block + 48, 4, 4, scale, values + 240);
    }

    static void Decode(byte* bytes, int run, int digits, float scale, float* values)
    {
        byte power = 1;
        for (int digit = 0; digit < digits; digit++, power *= 3)
            for (int i = 0; i < run; i++)
                *values++ = (((byte)(bytes[i] * power) * 3 >> 8) - 1) * scale;
    }

    public static void DecodeLanes(byte* block, float* values)
    {
        float scale = HalfBits.Load(block + Scale);
        ushort power = 1;
        for (int digit = 0; digit < Most; digit++, power *= 3)
        {
            BlockLanes.Scale(Digits(Vector128.Load(block), power), scale, values + digit * 32);
            BlockLanes.Scale(Digits(Vector128.Load(block + 16), power), scale, values + digit * 32 + 16);
            BlockLanes.Scale(Digits(Vector128.Load(block + 32), power), scale, values + 160 + digit * 16);
        }
        Decode(block + 48, 4, 4, scale, values + 240);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<sbyte> Digits(Vector128<byte> bytes, ushort power)
    {
        var wide = Avx2.ConvertToVector256Int16(bytes).AsUInt16();
        var left = wide * Vector256.Create(power) & Vector256.Create((ushort)255);
        var digits = left * Vector256.Create((ushort)3) >>> 8;
        return Vector128.Narrow(digits.GetLower(), digits.GetUpper()).AsSByte() - Vector128<sbyte>.One;
    }

    public static void Encode(float* values, byte* block)
    {
        float scale = Math.Abs(BlockRange.Largest(values, Elements)), inverse = scale != 0 ? 1 / scale : 0;
        HalfBits.Store(block + Scale, scale);
        Encode(values, 32, Most, inverse, block);
        Encode(values + 160, 16, Most, inverse, block + 32);
        Encode(values + 240, 4, 4, inverse, block + 48);
    }

    static void Encode(float* values, int run, int digits, float inverse, byte* bytes)
    {
        for (int i = 0; i < run; i++)
        {
            int number = 0;
            for (int digit = 0; digit < digits; digit++) number = number * 3 + Rounding.HalfAway(values[i + digit * run] * inverse) + 1;
            for (int digit = digits; digit < Most; digit++) number *= 3;
            bytes[i] = (byte)((number * 256 + 242) / 243);
        }
    }

    public static void EncodeLanes(float* values, byte* block) => Encode(values, block);
}
