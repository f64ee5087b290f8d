using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>32 elements: halves d and m, their fifth bits in 4 bytes, 16 bytes of which the lower halves are the first 16 codes q;
/// x = d·q + m.</summary>
readonly unsafe struct Q5_1 : IBlockCodec
{
    const int Half = 16, Least = 2, FifthBits = 4, Codes = 8, Largest = 31;

    public static void Decode(byte* block, float* values)
    {
        float scale = HalfBits.Load(block), least = HalfBits.Load(block + Least);
        uint fifth = *(uint*)(block + FifthBits);
        for (int i = 0; i < Half; i++)
        {
            values[i] = FiveBits.Low(block[Codes + i], fifth, i) * scale + least;
            values[i + Half] = FiveBits.High(block[Codes + i], fifth, i) * scale + least;
        }
    }

    public static void DecodeLanes(byte* block, float* values)
    {
        float scale = HalfBits.Load(block), least = HalfBits.Load(block + Least);
        uint fifth = *(uint*)(block + FifthBits);
        var codes = Vector128.Load(block + Codes);
        BlockLanes.ScaleAndAdd(BlockLanes.Low(codes) | BlockLanes.Bits(fifth, 16), scale, least, values);
        BlockLanes.ScaleAndAdd(BlockLanes.High(codes) | BlockLanes.Bits(fifth >> Half, 16), scale, least, values + Half);
    }

    public static void Encode(float* values, byte* block)
    {
        var (least, most) = BlockRange.Of(values, 2 * Half);
        float scale = (most - least) / Largest, inverse = scale != 0 ? 1 / scale : 0;
        HalfBits.Store(block, scale);
        HalfBits.Store(block + Least, least);
        uint fifth = 0;
        for (int i = 0; i < Half; i++)
        {
            int low = Rounding.Down((values[i] - least) * inverse + 0.5f, Largest);
            int high = Rounding.Down((values[i + Half] - least) * inverse + 0.5f, Largest);
            block[Codes + i] = FiveBits.Pack(low, high, i, ref fifth);
        }
        *(uint*)(block + FifthBits) = fifth;
    }

    public static void EncodeLanes(float* values, byte* block)
    {
        var (least, most) = BlockRange.Of(values, 2 * Half);
        float scale = (most - least) / Largest, inverse = scale != 0 ? 1 / scale : 0;
        HalfBits.Store(block, scale);
        HalfBits.Store(block + Least, least);
        byte* codes = stackalloc byte[2 * Half];
        CodeLanes.Down(values, least, inverse, 0.5f, Largest, codes);
        CodeLanes.Pack(codes, block + Codes);
        *(uint*)(block + FifthBits) = CodeLanes.FifthBits(codes);
    }
}
