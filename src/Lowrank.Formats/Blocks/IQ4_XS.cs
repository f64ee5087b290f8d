using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>256 elements in eight parts: a half d, the upper 2 bits of the parts' scales s in 2 bytes, their lower 4 in 4 bytes, and 16
/// bytes for each part as in IQ4_NL; x = d·(s - 32)·table[q].</summary>
readonly unsafe struct IQ4_XS : IBlockCodec
{
    const int Parts = 8, Half = 16, UpperScales = 2, LowerScales = 4, Codes = 8, Zero = 32;

    public static void Decode(byte* block, float* values)
    {
        float whole = HalfBits.Load(block);
        for (int part = 0; part < Parts; part++, values += 2 * Half)
        {
            float scale = whole * ScaleOf(block, part);
            byte* codes = block + Codes + part * Half;
            for (int i = 0; i < Half; i++)
            {
                values[i] = scale * IQ4Table.Values[codes[i] & 15];
                values[i + Half] = scale * IQ4Table.Values[codes[i] >> 4];
            }
        }
    }

    public static void DecodeLanes(byte* block, float* values)
    {
        float whole = HalfBits.Load(block);
        for (int part = 0; part < Parts; part++, values += 2 * Half)
        {
            float scale = whole * ScaleOf(block, part);
            var codes = Vector128.Load(block + Codes + part * Half);
            BlockLanes.Scale(Vector128.Shuffle(IQ4Table.Lanes, BlockLanes.Low(codes).AsSByte()), scale, values);
            BlockLanes.Scale(Vector128.Shuffle(IQ4Table.Lanes, BlockLanes.High(codes).AsSByte()), scale, values + Half);
        }
    }

    static int ScaleOf(byte* block, int part)
    {
        int lower = block[LowerScales + part / 2] >> part % 2 * 4 & 15, upper = *(ushort*)(block + UpperScales) >> 2 * part & 3;
        return (lower | upper << 4) - Zero;
    }

    public static void Encode(float* values, byte* block)
    {
        float* scales = stackalloc float[Parts];
        for (int part = 0; part < Parts; part++) scales[part] = IQ4Search.Scale(values + part * 2 * Half);
        float whole = PutScales(scales, block);
        for (int part = 0; part < Parts; part++, values += 2 * Half)
            PutCodes(values, whole * ScaleOf(block, part), block + Codes + part * Half);
    }

    // Gives the whole scale as it was before it became a half: codes are found by that, as the reference does.
    static float PutScales(float* scales, byte* block)
    {
        float whole = -BlockRange.Largest(scales, Parts) / Zero, inverse = whole != 0 ? 1 / whole : 0;
        HalfBits.Store(block, whole);
        new Span<byte>(block + UpperScales, Codes - UpperScales).Clear();
        for (int part = 0; part < Parts; part++)
        {
            int scale = Rounding.HalfEven(inverse * scales[part], -Zero, Zero - 1) + Zero;
            block[LowerScales + part / 2] |= (byte)((scale & 15) << part % 2 * 4);
            *(ushort*)(block + UpperScales) |= (ushort)(scale >> 4 << 2 * part);
        }
        return whole;
    }

    static void PutCodes(float* values, float scale, byte* codes)
    {
        float inverse = scale != 0 ? 1 / scale : 0;
        for (int i = 0; i < Half; i++)
        {
            int low = IQ4Table.Nearest(inverse * values[i]), high = IQ4Table.Nearest(inverse * values[i + Half]);
            codes[i] = (byte)(low | high << 4);
        }
    }

    public static void EncodeLanes(float* values, byte* block)
    {
        float* scales = stackalloc float[Parts];
        byte* codes = stackalloc byte[2 * Half];
        for (int part = 0; part < Parts; part++) scales[part] = IQ4Search.ScaleLanes(values + part * 2 * Half);
        float whole = PutScales(scales, block);
        for (int part = 0; part < Parts; part++)
        {
            float scale = whole * ScaleOf(block, part), inverse = scale != 0 ? 1 / scale : 0;
            IQ4Search.CodesLanes(values + part * 2 * Half, inverse, codes);
            CodeLanes.Pack(codes, block + Codes + part * Half);
        }
    }
}
