using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>256 elements: 64 bytes of four codes q each, the lowest bits first, for elements 32 apart; a half d; x = d·(q - 1).</summary>
readonly unsafe struct TQ2_0 : IBlockCodec
{
    const int Elements = 256, Bytes = 64, Run = 32, Scale = 64;

    public static void Decode(byte* block, float* values)
    {
        float scale = HalfBits.Load(block + Scale);
        for (int start = 0; start < Bytes; start += Run)
            for (int shift = 0; shift < 8; shift += 2)
                for (int i = 0; i < Run; i++) *values++ = ((block[start + i] >> shift & 3) - 1) * scale;
    }

    public static void DecodeLanes(byte* block, float* values)
    {
        float scale = HalfBits.Load(block + Scale);
        var (three, one) = (Vector128.Create((byte)3), Vector128<sbyte>.One);
        for (int start = 0; start < Bytes; start += Run, values += 4 * Run)
            for (int i = 0; i < Run; i += BlockLanes.Count)
            {
                var codes = Vector128.Load(block + start + i);
                BlockLanes.Scale((codes & three).AsSByte() - one, scale, values + i);
                BlockLanes.Scale((codes >>> 2 & three).AsSByte() - one, scale, values + i + Run);
                BlockLanes.Scale((codes >>> 4 & three).AsSByte() - one, scale, values + i + 2 * Run);
                BlockLanes.Scale((codes >>> 6).AsSByte() - one, scale, values + i + 3 * Run);
            }
    }

    public static void Encode(float* values, byte* block)
    {
        float scale = Math.Abs(BlockRange.Largest(values, Elements)), inverse = scale != 0 ? 1 / scale : 0;
        HalfBits.Store(block + Scale, scale);
        for (int start = 0; start < Bytes; start += Run, values += 4 * Run)
            for (int i = 0; i < Run; i++)
            {
                int codes = 0;
                for (int n = 0; n < 4; n++) codes |= (Rounding.HalfAway(values[i + n * Run] * inverse) + 1 & 3) << 2 * n;
                block[start + i] = (byte)codes;
            }
    }

    public static void EncodeLanes(float* values, byte* block) => Encode(values, block);
}
