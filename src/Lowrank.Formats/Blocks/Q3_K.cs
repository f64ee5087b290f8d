using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>256 elements in 16 parts: 32 bytes of third bits, bit n of byte i for element i of run n of 32; 64 bytes of the codes' lower
/// bits; scales s of six bits in 12 bytes; a half d; x = d·(s - 32)·(q - 4).</summary>
readonly unsafe struct Q3_K : IBlockCodec
{
    const int Codes = 32, Scales = 96, Scale = 108, Size = TwoBits.Part, Parts = TwoBits.Parts, Run = TwoBits.Run;
    const int Zero = SignedDescent.Zero, ZeroScale = 32;

    public static void Decode(byte* block, float* values)
    {
        float whole = HalfBits.Load(block + Scale);
        for (int part = 0; part < Parts; part++, values += Size)
        {
            float scale = whole * ScaleOf(block, part);
            var (start, shift) = TwoBits.PlaceOf(part);
            byte* third = block + part % 2 * Size;
            for (int i = 0; i < Size; i++)
            {
                int code = block[Codes + start + i] >> shift & 3 | (third[i] >> part / 2 & 1) << 2;
                values[i] = scale * (code - Zero);
            }
        }
    }

    public static void DecodeLanes(byte* block, float* values)
    {
        float whole = HalfBits.Load(block + Scale);
        var four = Vector128.Create((sbyte)4);
        for (int part = 0; part < Parts; part++, values += Size)
        {
            var (start, shift) = TwoBits.PlaceOf(part);
            var lower = BlockLanes.Field(Vector128.Load(block + Codes + start), shift, 3);
            var upper = BlockLanes.Field(Vector128.Load(block + part % 2 * Size), part / 2, 1).AsUInt16() << 2;
            BlockLanes.Scale((lower | upper.AsByte()).AsSByte() - four, whole * ScaleOf(block, part), values);
        }
    }

    // The lower four bits of two scales, 8 apart, in a byte; the upper two of four, 4 apart, in another.
    static int ScaleOf(byte* block, int part)
    {
        int lower = block[Scales + part % 8] >> part / 8 * 4 & 15, upper = block[Scales + 8 + part % 4] >> part / 4 * 2 & 3;
        return (lower | upper << 4) - ZeroScale;
    }

    public static void Encode(float* values, byte* block)
    {
        sbyte* codes = stackalloc sbyte[Parts * Size];
        float* scales = stackalloc float[Parts];
        for (int part = 0; part < Parts; part++) scales[part] = SignedDescent.Scale(values + part * Size, codes + part * Size);
        Finish(values, block, scales, codes);
    }

    static void Finish(float* values, byte* block, float* scales, sbyte* codes)
    {
        PutScales(scales, block);
        Round(values, block, codes);
        new Span<byte>(block, Codes).Clear();
        for (int i = 0; i < Parts * Size; i++)
        {
            if (codes[i] < Zero) continue;
            block[i % Run] |= (byte)(1 << i / Run);
            codes[i] -= Zero;
        }
        TwoBits.Pack((byte*)codes, block + Codes);
    }

    static void PutScales(float* scales, byte* block)
    {
        new Span<byte>(block + Scales, Scale - Scales).Clear();
        float largest = BlockRange.Largest(scales, Parts);
        float inverse = largest != 0 ? -ZeroScale / largest : 0;
        HalfBits.Store(block + Scale, largest != 0 ? 1 / inverse : 0);
        if (largest == 0) return;
        for (int part = 0; part < Parts; part++)
        {
            // Cut to a byte first, as in the reference.
            int scale = Math.Clamp((int)(sbyte)Rounding.HalfEven(inverse * scales[part]), -ZeroScale, ZeroScale - 1) + ZeroScale;
            block[Scales + part % 8] |= (byte)((scale & 15) << part / 8 * 4);
            block[Scales + 8 + part % 4] |= (byte)(scale >> 4 << part / 4 * 2);
        }
    }

    static void Round(float* values, byte* block, sbyte* codes)
    {
        float whole = HalfBits.Load(block + Scale);
        for (int part = 0; part < Parts; part++, values += Size, codes += Size)
            KeptScale.Recode(values, Size, whole * ScaleOf(block, part), Zero, codes);
    }

    public static void EncodeLanes(float* values, byte* block)
    {
        sbyte* codes = stackalloc sbyte[Parts * Size];
        float* scales = stackalloc float[Parts];
        for (int part = 0; part < Parts; part += PartLanes.Count)
            DescentLanes.Find(values + part * Size, codes + part * Size, scales + part);
        Finish(values, block, scales, codes);
    }
}
