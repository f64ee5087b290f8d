using System.Buffers.Binary;

namespace Lowrank.Formats.Tests;

/// <summary>A dtype may keep its elements in blocks, whose bytes only tell them together.</summary>
public sealed class TensorBlockTests
{
    const int Elements = 32, Bytes = 2 + Elements / 2;

    // A scale, and sixteenths of it by half a byte each: the shape of quantised weights.
    static readonly TensorDtype quarters = new("Q4", new(Elements, Bytes), (blocks, values) =>
    {
        for (int block = 0; block * Bytes < blocks.Length; block++)
        {
            var bytes = blocks.Slice(block * Bytes, Bytes);
            float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);
            for (int i = 0; i < Elements; i++)
                values[block * Elements + i] = scale * ((bytes[2 + i / 2] >> i % 2 * 4 & 15) - 8);
        }
    });

    static byte[] Blocks(int count)
    {
        var bytes = new byte[count * Bytes];
        new Random(3).NextBytes(bytes);
        for (int block = 0; block < count; block++) BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(block * Bytes), (Half)(block + 1));
        return bytes;
    }

    [Fact]
    public void BytesAreCountedByBlocks()
    {
        Assert.Equal(3 * 2 * Bytes, quarters.Block.BytesOf([3, 2 * Elements]));
        Assert.Equal(3 * 2 * Bytes, new TensorInfo("x", quarters, [3, 2 * Elements]).Bytes);
        Assert.Equal(0, quarters.Block.BytesOf([0, Elements]));
        Assert.Equal(24, TensorDtype.F32.Block.BytesOf([2, 3]));
    }

    [Fact]
    public void RowsThatAreNotWholeBlocksHaveNoBytes()
    {
        Assert.Null(quarters.Block.BytesOf([Elements, 3]));
        Assert.Null(quarters.Block.BytesOf([]));
        Assert.Null(quarters.Block.BytesOf([long.MaxValue / Bytes, 2 * Elements]));
    }

    [Fact]
    public void ElementsAreReadAsFloats() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var bytes = Blocks(6);
        var read = TensorBytes.Read(new MemoryStream(bytes), quarters, [3, 2 * Elements]);
        Assert.Equal(ScalarType.Float32, read.dtype);
        var want = new float[6 * Elements];
        quarters.Decoder!(bytes, want);
        Assert.Equal(want, read.data<float>().ToArray());
        Assert.Equal(6 * ((bytes[5 * Bytes + 2] & 15) - 8), read[2, Elements].ToDouble());   // the last block's first
    });

    [Theory, InlineData(2, Elements / 2), InlineData(1, Elements + 1)]
    public void RowsThatAreNotWholeBlocksAreNotRead(long rows, long columns)
    {
        var fault = Assert.Throws<LowrankException>(() => TensorBytes.Read(new MemoryStream(Blocks(4)), quarters, [rows, columns]));
        Assert.Contains($"({rows}, {columns}) are not whole blocks", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreBlocksThanAreReadAtOnceComeInOrder() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        const int Count = 9000;   // of 18 bytes: three pieces of 64 kB
        var bytes = Blocks(Count);
        var want = new float[Count * Elements];
        quarters.Decoder!(bytes, want);
        Assert.Equal(want, TensorBytes.Read(new MemoryStream(bytes), quarters, [Count, Elements]).data<float>().ToArray());
    });

    [Fact]
    public void SafetensorsHoldNone()
    {
        using var folder = new TemporaryFolder();
        var source = new TensorSource(new("x", quarters, [Elements]), () => zeros(Elements));
        var error = Assert.Throws<LowrankException>(() => Safetensors.SaveLazily(folder.File("x"), [source]));
        Assert.StartsWith("a safetensors file holds no Q4", error.Message, StringComparison.Ordinal);
    }
}
