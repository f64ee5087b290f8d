using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>32 elements: a half d, their fifth bits in 4 bytes, 16 bytes of which the lower halves are the first 16 codes q;
/// x = d·(q - 16).</summary>
readonly unsafe struct Q5_0 : IBlockCodec
{
    const int Half = 16, FifthBits = 2, Codes = 6, Zero = 16;

    public static void Decode(byte* block, float* values)
    {
        float scale = HalfBits.Load(block);
        uint fifth = *(uint*)(block + FifthBits);
        for (int i = 0; i < Half; i++)
        {
            values[i] = (FiveBits.Low(block[Codes + i], fifth, i) - Zero) * scale;
            values[i + Half] = (FiveBits.High(block[Codes + i], fifth, i) - Zero) * scale;
        }
    }

    public static void DecodeLanes(byte* block, float* values)
    {
        float scale = HalfBits.Load(block);
        uint fifth = *(uint*)(block + FifthBits);
        var codes = Vector128.Load(block + Codes);
        var zero = Vector128.Create((sbyte)Zero);
        BlockLanes.Scale((BlockLanes.Low(codes) | BlockLanes.Bits(fifth, 16)).AsSByte() - zero, scale, values);
        BlockLanes.Scale((BlockLanes.High(codes) | BlockLanes.Bits(fifth >> Half, 16)).AsSByte() - zero, scale, values + Half);
    }

    public static void Encode(float* values, byte* block)
    {
        float scale = BlockRange.Largest(values, 2 * Half) / -Zero, inverse = scale != 0 ? 1 / scale : 0;
        HalfBits.Store(block, scale);
        uint fifth = 0;
        for (int i = 0; i < Half; i++)
        {
            int low = Rounding.Down(values[i] * inverse + 16.5f, 31), high = Rounding.Down(values[i + Half] * inverse + 16.5f, 31);
            block[Codes + i] = FiveBits.Pack(low, high, i, ref fifth);
        }
        *(uint*)(block + FifthBits) = fifth;
    }

    public static void EncodeLanes(float* values, byte* block)
    {
        float scale = CodeLanes.Largest(values) / -Zero, inverse = scale != 0 ? 1 / scale : 0;
        HalfBits.Store(block, scale);
        byte* codes = stackalloc byte[2 * Half];
        CodeLanes.Down(values, 0, inverse, 16.5f, 31, codes);
        CodeLanes.Pack(codes, block + Codes);
        *(uint*)(block + FifthBits) = CodeLanes.FifthBits(codes);
    }
}
