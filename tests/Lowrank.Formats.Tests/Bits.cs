namespace Lowrank.Formats.Tests;

/// <summary>Random tensors, and equality to the bit, which NaN does not disturb.</summary>
static class Bits
{
    public static Tensor Random(TensorDtype dtype, long[] shape, int seed = 7)
    {
        var tensor = empty(shape, dtype.ToScalarType());
        if (tensor.numel() == 0) return tensor;
        new Random(seed).NextBytes(tensor.bytes);
        if (dtype == TensorDtype.BOOL)
            foreach (ref byte value in tensor.bytes) value &= 1;
        return tensor;
    }

    /// <summary>Asserts that a tensor read back is the one that was written; 8-bit floats come back as libtorch's own cast has them.</summary>
    public static void AssertSame(Tensor want, Tensor got)
    {
        Assert.Equal(want.shape, got.shape);
        if (TensorDtypes.Of(want.dtype).IsFloat8())
        {
            Assert.Equal(ScalarType.Float32, got.dtype);
            want = want.to(ScalarType.Float32);
            Assert.True(got.isnan().eq(want.isnan()).all().ToBoolean());
            Assert.True(got.nan_to_num().eq(want.nan_to_num()).all().ToBoolean());
            return;
        }
        Assert.Equal(want.dtype, got.dtype);
        Assert.True(want.numel() == 0 || want.contiguous().bytes.SequenceEqual(got.bytes));
    }
}
