using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>256 elements in 16 parts: 128 bytes of the codes' lower four bits, 64 of their upper two, 16 signed scales s, a half d;
/// x = d·s·(q - 32).</summary>
/// <remarks>Of each 128 elements, those of the first 64 lie in the lower halves of 64 bytes, the others in the upper; four upper bits, 32
/// elements apart, share a byte.</remarks>
readonly unsafe struct Q6_K : IBlockCodec
{
    const int Upper = 128, Scales = 192, Scale = 208, Size = SignedSearch.Count, Parts = 16, Zero = SignedSearch.Zero, Bytes = 210;

    public static void Decode(byte* block, float* values)
    {
        float whole = HalfBits.Load(block + Scale);
        for (int part = 0; part < Parts; part++, values += Size)
        {
            float scale = whole * (sbyte)block[Scales + part];
            var (lower, upper) = PlaceOf(part);
            int lowerShift = part % 8 / 4 * 4, upperShift = part % 8 / 2 * 2;
            for (int i = 0; i < Size; i++)
            {
                int code = block[lower + i] >> lowerShift & 15 | (block[upper + i] >> upperShift & 3) << 4;
                values[i] = scale * (code - Zero);
            }
        }
    }

    public static void DecodeLanes(byte* block, float* values)
    {
        float whole = HalfBits.Load(block + Scale);
        for (int part = 0; part < Parts; part++, values += Size)
            BlockLanes.Scale(CodesOf(block, part), whole * (sbyte)block[Scales + part], values);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<sbyte> CodesOf(byte* block, int part)
    {
        var (lower, upper) = PlaceOf(part);
        var low = BlockLanes.Field(Vector128.Load(block + lower), part % 8 / 4 * 4, 15);
        var high = BlockLanes.Field(Vector128.Load(block + upper), part % 8 / 2 * 2, 3).AsUInt16() << 4;
        return (low | high.AsByte()).AsSByte() - Vector128.Create((sbyte)Zero);
    }

    public static bool HasParts => true;

    public static void Head(byte* block, float* head)
    {
        float whole = HalfBits.Load(block + Scale);
        for (int part = 0; part < Parts; part++) head[part] = whole * (sbyte)block[Scales + part];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Lower, Vector512<float> Upper) Part(byte* block, float* halves, float* head, int part)
    {
        // Its parts are of half as many elements.
        return (BlockLanes.Wide(CodesOf(block, 2 * part)) * Vector512.Create(head[2 * part]),
            BlockLanes.Wide(CodesOf(block, 2 * part + 1)) * Vector512.Create(head[2 * part + 1]));
    }

    // Where a part's lower and upper bits begin.
    static (int Lower, int Upper) PlaceOf(int part) => (part / 8 * 64 + part % 4 * Size, Upper + part / 8 * 32 + part % 2 * Size);

    public static void Encode(float* values, byte* block)
    {
        sbyte* codes = stackalloc sbyte[Parts * Size];
        float* scales = stackalloc float[Parts];
        for (int part = 0; part < Parts; part++) scales[part] = SignedSearch.Scale(values + part * Size, codes + part * Size);
        Finish(values, block, scales, codes);
    }

    static void Finish(float* values, byte* block, float* scales, sbyte* codes)
    {
        new Span<byte>(block, Bytes).Clear();
        float largest = BlockRange.Largest(scales, Parts);
        if (Math.Abs(largest) < BlockRange.Nothing) return;
        float inverse = -128 / largest;
        float whole = HalfBits.Store(block + Scale, 1 / inverse);
        for (int part = 0; part < Parts; part++)
        {
            block[Scales + part] = (byte)Math.Min(127, Rounding.HalfEven(inverse * scales[part]));
            KeptScale.Recode(values + part * Size, Size, whole * (sbyte)block[Scales + part], Zero, codes + part * Size);
            Pack((byte*)codes + part * Size, block, part);
        }
    }

    static void Pack(byte* codes, byte* block, int part)
    {
        var (lower, upper) = PlaceOf(part);
        for (int i = 0; i < Size; i++)
        {
            block[lower + i] |= (byte)((codes[i] & 15) << part % 8 / 4 * 4);
            block[upper + i] |= (byte)(codes[i] >> 4 << part % 8 / 2 * 2);
        }
    }

    public static void EncodeLanes(float* values, byte* block)
    {
        sbyte* codes = stackalloc sbyte[Parts * Size];
        float* scales = stackalloc float[Parts];
        for (int part = 0; part < Parts; part += PartLanes.Count)
            SignedLanes.Find(values + part * Size, codes + part * Size, scales + part);
        Finish(values, block, scales, codes);
    }
}
