using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>256 elements in eight parts: the head of <see cref="AffineParts"/>, 32 bytes of fifth bits, bit n of byte i for element i of
/// part n, then 32 bytes for two parts each, the first in the lower halves.</summary>
readonly unsafe struct Q5_K : IBlockCodec
{
    const int FifthBits = 16, Codes = 48, Size = AffineParts.Size;

    static readonly AffineSearch search = new(Size, Largest: 31, First: -0.5f, Tries: 16, ByMagnitude: false);

    public static void Decode(byte* block, float* values)
    {
        float* scales = stackalloc float[AffineParts.Parts], depths = stackalloc float[AffineParts.Parts];
        AffineParts.Read(block, scales, depths);
        byte* codes = block + Codes, fifth = block + FifthBits;
        for (int part = 0; part < AffineParts.Parts; part += 2, codes += Size, values += 2 * Size)
        {
            float scale = scales[part], depth = depths[part];
            for (int i = 0; i < Size; i++) values[i] = scale * (codes[i] & 15 | (fifth[i] >> part & 1) << 4) - depth;
            (scale, depth) = (scales[part + 1], depths[part + 1]);
            for (int i = 0; i < Size; i++) values[i + Size] = scale * (codes[i] >> 4 | (fifth[i] >> part + 1 & 1) << 4) - depth;
        }
    }

    public static void DecodeLanes(byte* block, float* values)
    {
        float* scales = stackalloc float[AffineParts.Parts], depths = stackalloc float[AffineParts.Parts];
        AffineParts.Read(block, scales, depths);
        byte* codes = block + Codes;
        var sixteen = Vector128.Create((byte)16);
        for (int part = 0; part < AffineParts.Parts; part += 2, codes += Size, values += 2 * Size)
        {
            var (first, second) = ((Scale: scales[part], Depth: depths[part]), (Scale: scales[part + 1], Depth: depths[part + 1]));
            for (int i = 0; i < Size; i += BlockLanes.Count)
            {
                var (pairs, fifth) = (Vector128.Load(codes + i), Vector128.Load(block + FifthBits + i));
                var low = BlockLanes.Low(pairs) | (fifth >>> part << 4 & sixteen);
                var high = BlockLanes.High(pairs) | (fifth >>> part + 1 << 4 & sixteen);
                BlockLanes.ScaleAndAdd(low, first.Scale, -first.Depth, values + i);
                BlockLanes.ScaleAndAdd(high, second.Scale, -second.Depth, values + Size + i);
            }
        }
    }

    public static void Encode(float* values, byte* block)
    {
        byte* codes = stackalloc byte[AffineParts.Elements];
        AffineParts.Encode(values, block, search, codes);
        Pack(codes, block);
    }

    static void Pack(byte* codes, byte* block)
    {
        byte* to = block + Codes, fifth = block + FifthBits;
        new Span<byte>(fifth, Size).Clear();
        for (int part = 0; part < AffineParts.Parts; part += 2, codes += 2 * Size, to += Size)
            for (int i = 0; i < Size; i++)
            {
                fifth[i] |= (byte)(codes[i] >> 4 << part | codes[i + Size] >> 4 << part + 1);
                to[i] = (byte)(codes[i] & 15 | (codes[i + Size] & 15) << 4);
            }
    }

    public static void EncodeLanes(float* values, byte* block)
    {
        byte* codes = stackalloc byte[AffineParts.Elements];
        AffineParts.EncodeLanes(values, block, search, codes);
        Pack(codes, block);
    }
}
