namespace Lowrank.Formats;

/// <summary>Upper halves of floats: a block is an element.</summary>
readonly unsafe struct BF16 : IBlockCodec
{
    public static void Decode(byte* block, float* values) => *values = BitConverter.UInt32BitsToSingle((uint)*(ushort*)block << 16);

    public static void DecodeLanes(byte* block, float* values) => Decode(block, values);

    // To the nearest, of two the even one; a NaN stays one, which rounding could carry into its sign.
    public static void Encode(float* values, byte* block)
    {
        uint bits = BitConverter.SingleToUInt32Bits(*values);
        *(ushort*)block = (ushort)(float.IsNaN(*values) ? (bits >> 16) | 64 : (bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    public static void EncodeLanes(float* values, byte* block) => Encode(values, block);
}
