namespace Lowrank.Formats;

/// <summary>bitsandbytes' blocks of 4 bits: each a code of NF4 or FP4, over the block's largest magnitude; two in a byte, the first in the
/// upper half. Blocks go over rows' ends.</summary>
/// <param name="Code">The code.</param>
/// <param name="BlockSize">Values of a block, of which the last may be short.</param>
public sealed unsafe record FourBitBlocks(FourBitCode Code, int BlockSize = 64)
{
    /// <summary>Rounds values, in their order whatever the shape.</summary>
    /// <returns>Codes (⌈count/2⌉, 1) uint8, and each block's largest magnitude, float32; they belong to the caller's scope.</returns>
    /// <exception cref="LowrankException">A value is infinite or NaN.</exception>
    public (Tensor Packed, Tensor Largest) Encode(Tensor values)
    {
        using var scope = NewDisposeScope();
        var wide = StoredTensor.Floats(values);
        if (!wide.isfinite().all().ToBoolean())
            throw new LowrankException($"values of shape {values.shape.Text()} that are to be {Code.Name} are not all finite.");
        long count = wide.numel(), blocks = (count + BlockSize - 1) / BlockSize;
        var packed = zeros([(count + 1) / 2, 1], ScalarType.Byte, CPU);
        var largest = empty([blocks], ScalarType.Float32, CPU);
        var (from, to, most) = (MemoryRange.Of(wide).First, MemoryRange.Of(packed).First, MemoryRange.Of(largest).First);
        // Blocks of an odd size would share bytes: two at a time.
        StoredTensor.Share((blocks + 1) / 2, (first, end) =>
        {
            for (long block = 2 * first; block < Math.Min(2 * end, blocks); block++)
            {
                long start = block * BlockSize, length = Math.Min(BlockSize, count - start);
                ((float*)most)[block] = Encode((float*)from + start, length, (byte*)to, start);
            }
        });
        if (count % 2 != 0) ((byte*)to)[count / 2] |= Code.Nearest(0);
        return (packed.MoveToOuterDisposeScope(), largest.MoveToOuterDisposeScope());
    }

    float Encode(float* values, long length, byte* packed, long start)
    {
        float largest = MathF.Abs(BlockRange.Largest(values, (int)length)), inverse = largest > 0 ? 1 / largest : 0;
        for (long i = 0; i < length; i++)
        {
            byte code = Code.Nearest(values[i] * inverse);
            packed[(start + i) / 2] |= (byte)((start + i) % 2 == 0 ? code << 4 : code);
        }
        return largest;
    }

    /// <summary>The values in float32; they belong to the caller's scope.</summary>
    /// <param name="packed">uint8, of whatever shape.</param>
    /// <param name="largest">Each block's largest magnitude, float32.</param>
    /// <param name="shape">The shape of the values.</param>
    /// <exception cref="LowrankException">The bytes or the magnitudes are more or fewer than the shape asks for.</exception>
    public Tensor Decode(Tensor packed, Tensor largest, long[] shape)
    {
        using var scope = NewDisposeScope();
        var values = empty(shape, ScalarType.Float32, CPU);
        DecodeTo(values, packed, largest);
        return values.MoveToOuterDisposeScope();
    }

    /// <summary>The same into a contiguous float32 tensor on the CPU.</summary>
    public void DecodeTo(Tensor values, Tensor packed, Tensor largest)
    {
        using var scope = NewDisposeScope();
        (packed, largest) = (StoredTensor.Plain(packed), StoredTensor.Floats(largest));
        long count = values.numel(), blocks = (count + BlockSize - 1) / BlockSize;
        StoredTensor.Require(largest, [blocks], "absmax");
        if (packed.numel() != (count + 1) / 2)
            throw new LowrankException(
                $"{count} values of shape {values.shape.Text()} have {(count + 1) / 2} bytes, and there are {packed.numel()}.");
        var (from, most) = (StoredTensor.Start(packed, ScalarType.Byte, "a weight of four bits"), MemoryRange.Of(largest).First);
        nint to = StoredTensor.Start(values, ScalarType.Float32, "the values");
        StoredTensor.Share(blocks, (first, end) =>
        {
            float* table = stackalloc float[16];
            for (long block = first; block < end; block++)
            {
                float scale = ((float*)most)[block];
                for (int code = 0; code < 16; code++) table[code] = Code.Values[code] * scale;
                long start = block * BlockSize, after = Math.Min(start + BlockSize, count);
                for (long i = start; i < after; i++)
                    ((float*)to)[i] = table[((byte*)from)[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
            }
        });
    }
}
