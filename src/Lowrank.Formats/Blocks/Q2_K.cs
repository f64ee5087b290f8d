using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>256 elements in 16 parts: 16 bytes of a scale s in the lower half and a depth m in the upper, 64 bytes of codes q, halves d and
/// e; x = d·s·q - e·m.</summary>
readonly unsafe struct Q2_K : IBlockCodec
{
    const int Codes = 16, Scale = 80, Depth = 82, Size = TwoBits.Part, Parts = TwoBits.Parts, LargestScale = 15, Largest = 3;

    static readonly AffineSearch search = new(Size, Largest, First: -0.5f, Tries: 16, ByMagnitude: true);

    public static void Decode(byte* block, float* values)
    {
        float wholeScale = HalfBits.Load(block + Scale), wholeDepth = HalfBits.Load(block + Depth);
        for (int part = 0; part < Parts; part++, values += Size)
        {
            float scale = wholeScale * (block[part] & 15), depth = wholeDepth * (block[part] >> 4);
            var (start, shift) = TwoBits.PlaceOf(part);
            for (int i = 0; i < Size; i++) values[i] = scale * (block[Codes + start + i] >> shift & 3) - depth;
        }
    }

    public static void DecodeLanes(byte* block, float* values)
    {
        float wholeScale = HalfBits.Load(block + Scale), wholeDepth = HalfBits.Load(block + Depth);
        for (int part = 0; part < Parts; part++, values += Size)
        {
            float scale = wholeScale * (block[part] & 15), depth = wholeDepth * (block[part] >> 4);
            var (start, shift) = TwoBits.PlaceOf(part);
            BlockLanes.ScaleAndAdd(BlockLanes.Field(Vector128.Load(block + Codes + start), shift, 3), scale, -depth, values);
        }
    }

    public static void Encode(float* values, byte* block)
    {
        byte* codes = stackalloc byte[Parts * Size];
        float* scales = stackalloc float[Parts], depths = stackalloc float[Parts], weights = stackalloc float[Size];
        for (int part = 0; part < Parts; part++)
        {
            for (int i = 0; i < Size; i++) weights[i] = Math.Abs(values[part * Size + i]);
            (scales[part], depths[part]) = search.Find(values + part * Size, weights, codes + part * Size);
        }
        Finish(values, block, scales, depths, codes);
    }

    static void Finish(float* values, byte* block, float* scales, float* depths, byte* codes)
    {
        new Span<byte>(block, Codes).Clear();
        PutScales(scales, block, Scale, shift: 0);
        PutScales(depths, block, Depth, shift: 4);
        Round(values, block, codes);
        TwoBits.Pack(codes, block + Codes);
    }

    static void PutScales(float* scales, byte* block, int whole, int shift)
    {
        float most = 0;
        for (int part = 0; part < Parts; part++)
            if (scales[part] > most) most = scales[part];
        HalfBits.Store(block + whole, most > 0 ? most / LargestScale : 0);
        if (!(most > 0)) return;
        float over = LargestScale / most;
        for (int part = 0; part < Parts; part++) block[part] |= (byte)(Rounding.HalfEven(over * scales[part]) << shift);
    }

    static void Round(float* values, byte* block, byte* codes)
    {
        float wholeScale = HalfBits.Load(block + Scale), wholeDepth = HalfBits.Load(block + Depth);
        for (int part = 0; part < Parts; part++, values += Size, codes += Size)
        {
            float scale = wholeScale * (block[part] & 15), depth = wholeDepth * (block[part] >> 4);
            KeptScale.Recode(values, Size, scale, depth, Largest, codes);
        }
    }

    public static void EncodeLanes(float* values, byte* block)
    {
        const int Half = PartLanes.Count * Size;
        byte* codes = stackalloc byte[Parts * Size];
        float* scales = stackalloc float[Parts], depths = stackalloc float[Parts], weights = stackalloc float[Half];
        for (int part = 0; part < Parts; part += PartLanes.Count)
        {
            PartLanes.Turn(values + part * Size, Size, weights);
            for (int i = 0; i < Half; i++) weights[i] = Math.Abs(weights[i]);
            AffineLanes.Find(search, values + part * Size, weights, codes + part * Size, scales + part, depths + part);
        }
        Finish(values, block, scales, depths, codes);
    }
}
