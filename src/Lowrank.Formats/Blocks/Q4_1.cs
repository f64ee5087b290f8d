using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Formats;

/// <summary>32 elements: halves d and m, 16 bytes of which the lower halves are the first 16 codes q; x = d·q + m.</summary>
readonly unsafe struct Q4_1 : IBlockCodec
{
    const int Half = 16, Least = 2, Codes = 4, Largest = 15;

    public static void Decode(byte* block, float* values)
    {
        float scale = HalfBits.Load(block), least = HalfBits.Load(block + Least);
        for (int i = 0; i < Half; i++)
        {
            values[i] = (block[Codes + i] & 15) * scale + least;
            values[i + Half] = (block[Codes + i] >> 4) * scale + least;
        }
    }

    public static void DecodeLanes(byte* block, float* values)
    {
        float scale = HalfBits.Load(block), least = HalfBits.Load(block + Least);
        var codes = Vector128.Load(block + Codes);
        BlockLanes.ScaleAndAdd(BlockLanes.Low(codes), scale, least, values);
        BlockLanes.ScaleAndAdd(BlockLanes.High(codes), scale, least, values + Half);
    }

    public static bool HasParts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Lower, Vector512<float> Upper) Part(byte* block, float* halves, float* head, int part)
    {
        float scale = halves[*(ushort*)block], least = halves[*(ushort*)(block + Least)];
        var table = Avx512F.Add(Avx512F.Multiply(BlockLanes.Ramp, Vector512.Create(scale)), Vector512.Create(least));
        return BlockLanes.LookUp(table, block + Codes);
    }

    public static void Encode(float* values, byte* block)
    {
        var (least, most) = BlockRange.Of(values, 2 * Half);
        float scale = (most - least) / Largest, inverse = scale != 0 ? 1 / scale : 0;
        HalfBits.Store(block, scale);
        HalfBits.Store(block + Least, least);
        for (int i = 0; i < Half; i++)
        {
            int low = Rounding.Down((values[i] - least) * inverse + 0.5f, Largest);
            int high = Rounding.Down((values[i + Half] - least) * inverse + 0.5f, Largest);
            block[Codes + i] = (byte)(low | high << 4);
        }
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
    }
}
