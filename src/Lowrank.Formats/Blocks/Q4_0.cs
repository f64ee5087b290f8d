using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>32 elements: a half d, 16 bytes of which the lower halves are the first 16 codes q; x = d·(q - 8).</summary>
readonly unsafe struct Q4_0 : IBlockCodec
{
    const int Half = 16, Codes = 2, Zero = 8;

    public static void Decode(byte* block, float* values)
    {
        float scale = HalfBits.Load(block);
        for (int i = 0; i < Half; i++)
        {
            values[i] = ((block[Codes + i] & 15) - Zero) * scale;
            values[i + Half] = ((block[Codes + i] >> 4) - Zero) * scale;
        }
    }

    public static void DecodeLanes(byte* block, float* values)
    {
        float scale = HalfBits.Load(block);
        var codes = Vector128.Load(block + Codes);
        var zero = Vector128.Create((sbyte)Zero);
        BlockLanes.Scale(BlockLanes.Low(codes).AsSByte() - zero, scale, values);
        BlockLanes.Scale(BlockLanes.High(codes).AsSByte() - zero, scale, values + Half);
    }

    public static bool HasParts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Lower, Vector512<float> Upper) Part(byte* block, float* halves, float* head, int part)
    {
        var table = (BlockLanes.Ramp - Vector512.Create((float)Zero)) * Vector512.Create(halves[*(ushort*)block]);
        return BlockLanes.LookUp(table, block + Codes);
    }

    public static void Encode(float* values, byte* block)
    {
        float scale = BlockRange.Largest(values, 2 * Half) / -Zero, inverse = scale != 0 ? 1 / scale : 0;
        HalfBits.Store(block, scale);
        for (int i = 0; i < Half; i++)
        {
            int low = Rounding.Down(values[i] * inverse + 8.5f, 15), high = Rounding.Down(values[i + Half] * inverse + 8.5f, 15);
            block[Codes + i] = (byte)(low | high << 4);
        }
    }

    public static void EncodeLanes(float* values, byte* block)
    {
        float scale = CodeLanes.Largest(values) / -Zero, inverse = scale != 0 ? 1 / scale : 0;
        HalfBits.Store(block, scale);
        byte* codes = stackalloc byte[2 * Half];
        CodeLanes.Down(values, 0, inverse, 8.5f, 15, codes);
        CodeLanes.Pack(codes, block + Codes);
    }
}
