using System.Runtime.InteropServices;

namespace Lowrank.Formats;

/// <summary>Moves elements between tensors and streams in pieces, because a span ends at 2 GiB.</summary>
static class TensorBytes
{
    /// <summary>As many axes as numpy and libtorch's kernels take.</summary>
    internal const int MostAxes = 64;

    const long PieceBytes = 1L << 26;

    /// <summary>A tensor of the shape from the next bytes of <paramref name="data"/>; 8-bit floats become float32.</summary>
    internal static Tensor Read(Stream data, TensorDtype dtype, long[] shape, Scratch? scratch = null)
    {
        var tensor = Empty(dtype, shape, scratch);
        ForPieces(tensor, bytes =>
        {
            if (dtype.IsFloat8()) ReadFloat8(data, Float8.Table(dtype), MemoryMarshal.Cast<byte, float>(bytes));
            else data.ReadExactly(bytes);
            if (dtype == TensorDtype.BOOL) MakeTruthValues(bytes);
        });
        return tensor;
    }

    /// <summary>A tensor to read into, of values yet undefined.</summary>
    internal static Tensor Empty(TensorDtype dtype, long[] shape, Scratch? scratch = null)
    {
        var type = dtype.IsFloat8() ? ScalarType.Float32 : dtype.ToScalarType();
        return scratch?.Of(type, shape) ?? empty(shape, type, device: CPU);
    }

    /// <summary>Writes the elements in order, whatever the tensor's device and strides.</summary>
    internal static void Write(Stream data, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        ForPieces(tensor.detach().cpu().contiguous(), bytes => data.Write(bytes));
    }

    delegate void OnBytes(Span<byte> bytes);

    static void ForPieces(Tensor tensor, OnBytes body)
    {
        using var scope = NewDisposeScope();
        long count = tensor.numel(), step = PieceBytes / Math.Max(1, tensor.element_size());
        var flat = tensor.view(-1);
        for (long start = 0; start < count; start += step)
            body(flat.narrow(0, start, Math.Min(step, count - start)).bytes);
    }

    static void ReadFloat8(Stream data, float[] table, Span<float> floats)
    {
        var codes = new byte[Math.Min(1 << 16, floats.Length)];
        while (floats.Length > 0)
        {
            int count = Math.Min(codes.Length, floats.Length);
            data.ReadExactly(codes, 0, count);
            for (int i = 0; i < count; i++) floats[i] = table[codes[i]];
            floats = floats[count..];
        }
    }

    // libtorch's kernels take for granted that a truth value is the byte 0 or 1.
    static void MakeTruthValues(Span<byte> bytes)
    {
        foreach (ref byte value in bytes)
            if (value > 1) value = 1;
    }
}
