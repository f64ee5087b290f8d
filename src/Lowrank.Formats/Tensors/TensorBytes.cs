using System.Runtime.InteropServices;

namespace Lowrank.Formats;

/// <summary>Moves elements between tensors and streams in pieces, because a span ends at 2 GiB.</summary>
public static class TensorBytes
{
    /// <summary>As many axes as numpy and libtorch's kernels take.</summary>
    internal const int MostAxes = 64;

    const long PieceBytes = 1L << 26;

    /// <summary>A tensor of the shape from the next bytes of <paramref name="data"/>; types with a decoder become float32.</summary>
    /// <exception cref="LowrankException">Rows of that shape are not whole blocks.</exception>
    public static Tensor Read(Stream data, TensorDtype dtype, long[] shape, Scratch? scratch = null)
    {
        if (!dtype.Block.Fills(shape))
            throw new LowrankException(
                $"{dtype} has blocks of {dtype.Block.Elements} elements, and rows of shape {shape.Text()} are not whole blocks.");
        var tensor = Empty(dtype, shape, scratch);
        ForPieces(tensor, dtype.Block.Elements, bytes =>
        {
            if (dtype.Decoder is { } decoder) Decode(data, dtype.Block, decoder, MemoryMarshal.Cast<byte, float>(bytes));
            else data.ReadExactly(bytes);
            if (dtype == TensorDtype.BOOL) MakeTruthValues(bytes);
        });
        return tensor;
    }

    /// <summary>A tensor to read into, of values yet undefined.</summary>
    internal static Tensor Empty(TensorDtype dtype, long[] shape, Scratch? scratch = null) =>
        scratch?.Of(dtype.ReadAs(), shape) ?? empty(shape, dtype.ReadAs(), device: CPU);

    /// <summary>Writes the elements in order, whatever the tensor's device and strides.</summary>
    public static void Write(Stream data, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        ForPieces(tensor.detach().cpu().contiguous(), 1, bytes => data.Write(bytes));
    }

    delegate void OnBytes(Span<byte> bytes);

    // Pieces of whole blocks.
    static void ForPieces(Tensor tensor, int blockElements, OnBytes body)
    {
        using var scope = NewDisposeScope();
        long count = tensor.numel(), step = PieceBytes / Math.Max(1, tensor.element_size());
        step -= step % blockElements;
        var flat = tensor.view(-1);
        for (long start = 0; start < count; start += step)
            body(flat.narrow(0, start, Math.Min(step, count - start)).bytes);
    }

    static void Decode(Stream data, TensorBlock block, BlockDecoder decoder, Span<float> values)
    {
        const int MostBytes = 1 << 16;
        int most = Math.Max(1, Math.Min(MostBytes / block.Bytes, values.Length / block.Elements));
        var bytes = new byte[most * block.Bytes];
        while (values.Length > 0)
        {
            int count = Math.Min(most, values.Length / block.Elements);
            var blocks = bytes.AsSpan(0, count * block.Bytes);
            data.ReadExactly(blocks);
            decoder(blocks, values[..(count * block.Elements)]);
            values = values[(count * block.Elements)..];
        }
    }

    // libtorch's kernels take for granted that a truth value is the byte 0 or 1.
    static void MakeTruthValues(Span<byte> bytes)
    {
        foreach (ref byte value in bytes)
            if (value > 1) value = 1;
    }
}
