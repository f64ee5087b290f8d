using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>32 elements: a half d, 32 signed bytes q; x = d·q.</summary>
readonly unsafe struct Q8_0 : IBlockCodec
{
    const int Elements = 32, Codes = 2;

    public static void Decode(byte* block, float* values)
    {
        float scale = HalfBits.Load(block);
        for (int i = 0; i < Elements; i++) values[i] = (sbyte)block[Codes + i] * scale;
    }

    public static void DecodeLanes(byte* block, float* values)
    {
        float scale = HalfBits.Load(block);
        BlockLanes.Scale(Vector128.Load((sbyte*)block + Codes), scale, values);
        BlockLanes.Scale(Vector128.Load((sbyte*)block + Codes + 16), scale, values + 16);
    }

    public static bool HasParts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Lower, Vector512<float> Upper) Part(byte* block, float* halves, float* head, int part)
    {
        var scale = Vector512.Create(halves[*(ushort*)block]);
        return (BlockLanes.Wide(Vector128.Load((sbyte*)block + Codes)) * scale,
            BlockLanes.Wide(Vector128.Load((sbyte*)block + Codes + 16)) * scale);
    }

    public static void Encode(float* values, byte* block)
    {
        float most = 0;
        for (int i = 0; i < Elements; i++) most = Math.Max(most, Math.Abs(values[i]));
        float scale = most / 127, inverse = scale != 0 ? 1 / scale : 0;
        HalfBits.Store(block, scale);
        for (int i = 0; i < Elements; i++) block[Codes + i] = (byte)(sbyte)Rounding.HalfAway(values[i] * inverse);
    }

    public static void EncodeLanes(float* values, byte* block)
    {
        float scale = CodeLanes.LargestMagnitude(values) / 127, inverse = scale != 0 ? 1 / scale : 0;
        HalfBits.Store(block, scale);
        CodeLanes.Nearest(values, inverse, block + Codes);
    }
}
