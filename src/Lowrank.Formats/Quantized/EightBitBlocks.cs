namespace Lowrank.Formats;

/// <summary>bitsandbytes' blocks of 8 bits: each a code of <see cref="DynamicMap"/>, over the block's largest magnitude.</summary>
/// <param name="BlockSize">Values of a block, of which the last may be short.</param>
public sealed unsafe record EightBitBlocks(int BlockSize = 256)
{
    const int Steps = 1 << 16;

    static readonly byte[] nearest = NearestOfSteps();

    /// <summary>Rounds values, in their order whatever the shape.</summary>
    /// <returns>Codes of the values' shape, uint8, and each block's largest magnitude, float32; they belong to the caller's
    /// scope.</returns>
    public (Tensor Codes, Tensor Largest) Encode(Tensor values)
    {
        using var scope = NewDisposeScope();
        var wide = StoredTensor.Floats(values);
        var codes = empty(values.shape, ScalarType.Byte, CPU);
        long count = wide.numel(), blocks = (count + BlockSize - 1) / BlockSize;
        var largest = empty([blocks], ScalarType.Float32, CPU);
        var (from, to, most) = (MemoryRange.Of(wide).First, MemoryRange.Of(codes).First, MemoryRange.Of(largest).First);
        StoredTensor.Share(blocks, (first, end) =>
        {
            for (long block = first; block < end; block++)
            {
                long start = block * BlockSize, length = Math.Min(BlockSize, count - start);
                float* part = (float*)from + start;
                float magnitude = ((float*)most)[block] = MathF.Abs(BlockRange.Largest(part, (int)length));
                float inverse = magnitude > 0 ? 1 / magnitude : 0;
                for (long i = 0; i < length; i++) ((byte*)to)[start + i] = magnitude > 0 ? Nearest(part[i] * inverse) : (byte)0;
            }
        });
        return (codes.MoveToOuterDisposeScope(), largest.MoveToOuterDisposeScope());
    }

    /// <summary>The values in float32; they belong to the caller's scope.</summary>
    /// <param name="codes">uint8.</param>
    /// <param name="largest">Each block's largest magnitude.</param>
    /// <param name="map">The codes' values; null for <see cref="DynamicMap.Signed"/>.</param>
    /// <exception cref="LowrankException">There are more or fewer blocks than magnitudes.</exception>
    public Tensor Decode(Tensor codes, Tensor largest, Tensor? map = null)
    {
        using var scope = NewDisposeScope();
        long count = codes.numel();
        StoredTensor.Require(largest, [(count + BlockSize - 1) / BlockSize], "absmax");
        var table = map ?? tensor(DynamicMap.Signed.ToArray(), device: CPU);
        var values = table.to(ScalarType.Float32).index_select(0, codes.reshape(-1).to(ScalarType.Int64));
        return (values * OfValues(largest, count)).view(codes.shape).MoveToOuterDisposeScope();
    }

    // Each block's for each of its values.
    Tensor OfValues(Tensor largest, long count) =>
        largest.to(ScalarType.Float32).unsqueeze(1).expand(largest.shape[0], BlockSize).reshape(-1).narrow(0, 0, count);

    // As the peer does on a CPU: brought to the nearest of so many equal steps first, then to the nearest of the map.
    static byte Nearest(float value) => nearest[(int)((Math.Clamp(value, -1, 1) + 1) * 0.5f * (Steps - 1) + 0.5f)];

    static byte[] NearestOfSteps()
    {
        var codes = new byte[Steps];
        int code = 0;
        for (int step = 0; step < Steps; step++)
        {
            float value = -1f + 2f * step / (Steps - 1);
            while (code < 255 && 0.5f * (DynamicMap.Signed[code] + DynamicMap.Signed[code + 1]) < value) code++;
            codes[step] = (byte)code;
        }
        return codes;
    }
}
