using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>What Q4_K and Q5_K share: eight parts of 32 elements, each with a scale s and a depth m of six bits over two halves d and e at
/// the block's head; x = d·s·q - e·m.</summary>
static unsafe class AffineParts
{
    internal const int Parts = SixBitScales.Parts, Size = 32, Elements = Parts * Size;

    const int Depth = 2, Scales = 4;

    /// <summary>The parts' own scales and depths.</summary>
    internal static void Read(byte* block, float* scales, float* depths)
    {
        float scale = HalfBits.Load(block), depth = HalfBits.Load(block + Depth);
        byte* codes = stackalloc byte[2 * Parts];
        SixBitScales.Unpack(block + Scales, codes);
        for (int part = 0; part < Parts; part++)
        {
            scales[part] = scale * codes[part];
            depths[part] = depth * codes[Parts + part];
        }
    }

    /// <summary>Writes the head of a block, and tells the codes.</summary>
    internal static void Encode(float* values, byte* block, AffineSearch search, byte* codes)
    {
        float* scales = stackalloc float[Parts], depths = stackalloc float[Parts], weights = stackalloc float[Size];
        for (int part = 0; part < Parts; part++)
        {
            Weigh(values + part * Size, weights);
            (scales[part], depths[part]) = search.Find(values + part * Size, weights, codes + part * Size);
        }
        PutHead(scales, depths, block);
        Read(block, scales, depths);
        for (int part = 0; part < Parts; part++, values += Size, codes += Size)
            KeptScale.Recode(values, Size, scales[part], depths[part], search.Largest, codes);
    }

    /// <summary>The same by vectors.</summary>
    internal static void EncodeLanes(float* values, byte* block, AffineSearch search, byte* codes)
    {
        float* scales = stackalloc float[Parts], depths = stackalloc float[Parts], weights = stackalloc float[Elements];
        WeighLanes(values, weights);
        AffineLanes.Find(search, values, weights, codes, scales, depths);
        PutHead(scales, depths, block);
        Read(block, scales, depths);
        for (int part = 0; part < Parts; part++, values += Size, codes += Size)
            if (scales[part] != 0) PartLanes.Round(values, depths[part], scales[part], Size, 0, search.Largest, codes);
    }

    static void WeighLanes(float* values, float* weights)
    {
        PartLanes.Turn(values, Size, weights);
        Vector256<float> squares = default;
        for (int i = 0; i < Elements; i += Parts) squares += Vector256.Load(weights + i) * Vector256.Load(weights + i);
        var mean = Vector256.Sqrt(squares / Vector256.Create((float)Size));
        for (int i = 0; i < Elements; i += Parts) (mean + Vector256.Abs(Vector256.Load(weights + i))).Store(weights + i);
    }

    // By what a value is above the part's mean size.
    static void Weigh(float* values, float* weights)
    {
        float squares = 0;
        for (int i = 0; i < Size; i++) squares += values[i] * values[i];
        float mean = MathF.Sqrt(squares / Size);
        for (int i = 0; i < Size; i++) weights[i] = mean + Math.Abs(values[i]);
    }

    static void PutHead(float* scales, float* depths, byte* block)
    {
        float mostScale = 0, mostDepth = 0;
        for (int part = 0; part < Parts; part++)
        {
            if (scales[part] > mostScale) mostScale = scales[part];
            if (depths[part] > mostDepth) mostDepth = depths[part];
        }
        float overScale = mostScale > 0 ? SixBitScales.Largest / mostScale : 0;
        float overDepth = mostDepth > 0 ? SixBitScales.Largest / mostDepth : 0;
        for (int part = 0; part < Parts; part++)
        {
            // A negative one wraps around, as in the reference.
            int scale = Math.Min(SixBitScales.Largest, (int)(byte)Rounding.HalfEven(overScale * scales[part]));
            int depth = Math.Min(SixBitScales.Largest, (int)(byte)Rounding.HalfEven(overDepth * depths[part]));
            SixBitScales.Put(block + Scales, part, scale, depth);
        }
        HalfBits.Store(block, mostScale / SixBitScales.Largest);
        HalfBits.Store(block + Depth, mostDepth / SixBitScales.Largest);
    }
}
