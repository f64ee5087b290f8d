namespace Lowrank.Formats;

/// <summary>IEEE halves: a block is an element.</summary>
readonly unsafe struct F16 : IBlockCodec
{
    public static void Decode(byte* block, float* values) => *values = HalfBits.Load(block);

    public static void DecodeLanes(byte* block, float* values) => Decode(block, values);

    public static void Encode(float* values, byte* block) => *(ushort*)block = BitConverter.HalfToUInt16Bits((Half)(*values));

    public static void EncodeLanes(float* values, byte* block) => Encode(values, block);
}
