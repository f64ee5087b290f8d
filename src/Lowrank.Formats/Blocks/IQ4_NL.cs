using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>32 elements: a half d, 16 bytes of which the lower halves are the first 16 codes q; x = d·table[q].</summary>
readonly unsafe struct IQ4_NL : IBlockCodec
{
    const int Half = 16, Codes = 2;

    public static void Decode(byte* block, float* values)
    {
        float scale = HalfBits.Load(block);
        for (int i = 0; i < Half; i++)
        {
            values[i] = IQ4Table.Values[block[Codes + i] & 15] * scale;
            values[i + Half] = IQ4Table.Values[block[Codes + i] >> 4] * scale;
        }
    }

    public static void DecodeLanes(byte* block, float* values)
    {
        float scale = HalfBits.Load(block);
        var codes = Vector128.Load(block + Codes);
        BlockLanes.Scale(Vector128.Shuffle(IQ4Table.Lanes, BlockLanes.Low(codes).AsSByte()), scale, values);
        BlockLanes.Scale(Vector128.Shuffle(IQ4Table.Lanes, BlockLanes.High(codes).AsSByte()), scale, values + Half);
    }

    public static void Encode(float* values, byte* block)
    {
        float scale = IQ4Search.Scale(values), inverse = scale != 0 ? 1 / scale : 0;
        HalfBits.Store(block, scale);
        for (int i = 0; i < Half; i++)
        {
            int low = IQ4Table.Nearest(inverse * values[i]), high = IQ4Table.Nearest(inverse * values[i + Half]);
            block[Codes + i] = (byte)(low | high << 4);
        }
    }

    public static void EncodeLanes(float* values, byte* block)
    {
        float scale = IQ4Search.ScaleLanes(values), inverse = scale != 0 ? 1 / scale : 0;
        HalfBits.Store(block, scale);
        byte* codes = stackalloc byte[2 * Half];
        IQ4Search.CodesLanes(values, inverse, codes);
        CodeLanes.Pack(codes, block + Codes);
    }
}
