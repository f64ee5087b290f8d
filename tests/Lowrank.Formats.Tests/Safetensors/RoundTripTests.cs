namespace Lowrank.Formats.Tests;

public sealed class RoundTripTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<TensorDtype> Dtypes => [.. Enum.GetValues<TensorDtype>()];

    [Theory, MemberData(nameof(Dtypes))]
    public void A_tensor_of_every_dtype_comes_back(TensorDtype dtype)
    {
        Lowrank.Testing.LeakGuard.NoTensorLeaks(() =>
        {
            using var scope = NewDisposeScope();
            string path = folder.File($"{dtype}.safetensors");
            long[] shape = [3, 1, 5];
            var tensor = empty(shape, dtype.ToScalarType());
            var random = new Random(7);
            random.NextBytes(tensor.bytes);
            if (dtype == TensorDtype.BOOL) foreach (ref byte b in tensor.bytes) b &= 1;
            Formats.Safetensors.Save(path, [new("x", tensor)]);
            using var file = Formats.Safetensors.Open(path);
            var back = file.Read("x");
            Assert.Equal(dtype, Assert.Single(file.Tensors).Dtype);
            Assert.Equal(shape, back.shape);
            if (dtype.IsFloat8())
            {
                Assert.Equal(ScalarType.Float32, back.dtype);
                var want = tensor.to(ScalarType.Float32);
                Assert.True(back.isnan().eq(want.isnan()).all().ToBoolean());
                Assert.True(back.nan_to_num().eq(want.nan_to_num()).all().ToBoolean());
            }
            else
            {
                Assert.Equal(tensor.dtype, back.dtype);
                Assert.True(tensor.bytes.SequenceEqual(back.bytes));
            }
        });
    }
}
