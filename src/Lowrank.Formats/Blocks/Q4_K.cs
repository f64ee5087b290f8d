using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Formats;

/// <summary>256 elements in eight parts: the head of <see cref="AffineParts"/>, then 32 bytes for two parts each, the first in the lower
/// halves.</summary>
readonly unsafe struct Q4_K : IBlockCodec
{
    const int Codes = 16, Size = AffineParts.Size;

    static readonly AffineSearch search = new(Size, Largest: 15, First: -1, Tries: 21, ByMagnitude: false);

    public static void Decode(byte* block, float* values)
    {
        float* scales = stackalloc float[AffineParts.Parts], depths = stackalloc float[AffineParts.Parts];
        AffineParts.Read(block, scales, depths);
        byte* codes = block + Codes;
        for (int part = 0; part < AffineParts.Parts; part += 2, codes += Size, values += 2 * Size)
        {
            float scale = scales[part], depth = depths[part];
            for (int i = 0; i < Size; i++) values[i] = scale * (codes[i] & 15) - depth;
            (scale, depth) = (scales[part + 1], depths[part + 1]);
            for (int i = 0; i < Size; i++) values[i + Size] = scale * (codes[i] >> 4) - depth;
        }
    }

    public static void DecodeLanes(byte* block, float* values)
    {
        float* scales = stackalloc float[AffineParts.Parts], depths = stackalloc float[AffineParts.Parts];
        AffineParts.Read(block, scales, depths);
        byte* codes = block + Codes;
        for (int part = 0; part < AffineParts.Parts; part += 2, codes += Size, values += 2 * Size)
        {
            var (first, second) = ((Scale: scales[part], Depth: depths[part]), (Scale: scales[part + 1], Depth: depths[part + 1]));
            var (front, back) = (Vector128.Load(codes), Vector128.Load(codes + 16));
            BlockLanes.ScaleAndAdd(BlockLanes.Low(front), first.Scale, -first.Depth, values);
            BlockLanes.ScaleAndAdd(BlockLanes.Low(back), first.Scale, -first.Depth, values + 16);
            BlockLanes.ScaleAndAdd(BlockLanes.High(front), second.Scale, -second.Depth, values + Size);
            BlockLanes.ScaleAndAdd(BlockLanes.High(back), second.Scale, -second.Depth, values + Size + 16);
        }
    }

    public static bool HasParts => true;

    public static void Head(byte* block, float* head) => AffineParts.Read(block, head, head + AffineParts.Parts);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Lower, Vector512<float> Upper) Part(byte* block, float* halves, float* head, int part)
    {
        byte* codes = block + Codes + part / 2 * Size;
        var (scale, depth) = (Vector512.Create(head[part]), Vector512.Create(head[AffineParts.Parts + part]));
        var table = Avx512F.Subtract(Avx512F.Multiply(BlockLanes.Ramp, scale), depth);
        return BlockLanes.LookUp(table, codes, part % 2 * 4);
    }

    public static void Encode(float* values, byte* block)
    {
        byte* codes = stackalloc byte[AffineParts.Elements];
        AffineParts.Encode(values, block, search, codes);
        Pack(codes, block);
    }

    static void Pack(byte* codes, byte* block)
    {
        byte* to = block + Codes;
        for (int part = 0; part < AffineParts.Parts; part += 2, codes += 2 * Size, to += Size)
            for (int i = 0; i < Size; i++) to[i] = (byte)(codes[i] | codes[i + Size] << 4);
    }

    public static void EncodeLanes(float* values, byte* block)
    {
        byte* codes = stackalloc byte[AffineParts.Elements];
        AffineParts.EncodeLanes(values, block, search, codes);
        Pack(codes, block);
    }
}
