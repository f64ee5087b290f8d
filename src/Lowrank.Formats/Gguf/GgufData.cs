using System.Runtime.InteropServices;

namespace Lowrank.Formats;

/// <summary>Writes a tensor as the type that it has in a GGUF file.</summary>
static class GgufData
{
    // Floats that are rounded at once, by as many threads as libtorch has.
    const int Piece = 1 << 20;

    /// <summary>Floats are rounded to the type; uint8 are its bytes.</summary>
    /// <exception cref="LowrankException">It has another shape, or is of whole numbers where floats belong or the other way
    /// round.</exception>
    internal static void Write(Stream stream, TensorInfo info, Tensor tensor)
    {
        var (name, dtype, shape) = info;
        bool areBytes = tensor.dtype == ScalarType.Byte;
        var wanted = areBytes ? GgufFile.BlockShape(info) : shape;
        if (!tensor.shape.AsSpan().SequenceEqual(wanted))
            throw new LowrankException($"'{name}' was announced as {dtype} of shape {shape.Text()}, and came as {tensor.dtype} of shape " +
                $"{tensor.shape.Text()}.");
        if (areBytes) TensorBytes.Write(stream, tensor);
        else if (dtype.Decoder is null) TensorBytes.Write(stream, Cast(info, tensor));
        else if (BlockFormats.Of(dtype) is { } format) Encode(stream, name, format, tensor);
        else throw new LowrankException(
            $"'{name}' would be {dtype}, which is not written. Take one of {string.Join(", ", BlockFormats.All)}.");
    }

    static Tensor Cast(TensorInfo info, Tensor tensor)
    {
        var dtype = info.Dtype.ToScalarType();
        if (info.Dtype.IsFloat() == tensor.is_floating_point())
        {
            var cast = tensor.to(dtype);
            if (tensor.dtype != dtype && !Holds(cast, tensor))
                throw new LowrankException($"'{info.Name}' does not fit into {info.Dtype}: its values reach from " +
                    $"{PlainValue.Text(tensor.min().ToDouble())} to {PlainValue.Text(tensor.max().ToDouble())}. Take a wider type.");
            return cast;
        }
        throw new LowrankException($"'{info.Name}' was announced as {info.Dtype} and came as {tensor.dtype}.");
    }

    // Halves that are too large become infinite, whole numbers others.
    static bool Holds(Tensor cast, Tensor tensor)
    {
        if (cast.is_floating_point()) return ValueRange.AreFinite(cast) || !ValueRange.AreFinite(tensor);
        using var scope = NewDisposeScope();
        return cast.to(tensor.dtype).equal(tensor).all().ToBoolean();
    }

    static void Encode(Stream stream, string name, BlockFormat format, Tensor tensor)
    {
        if (!tensor.is_floating_point())
            throw new LowrankException($"'{name}' would be {format}, which is made of floats, and came as {tensor.dtype}.");
        using var scope = NewDisposeScope();
        var flat = tensor.detach().to(ScalarType.Float32, CPU).contiguous().view(-1);
        long count = flat.numel(), step = (long)Piece * Math.Max(1, get_num_threads());
        for (long start = 0; start < count; start += step)
        {
            using var part = flat.narrow(0, start, Math.Min(step, count - start));
            try
            {
                stream.Write(Encode(format, part));
            }
            catch (LowrankException error)
            {
                throw new LowrankException($"'{name}', from element {start} on: {error.Message}", error);
            }
        }
    }

    static byte[] Encode(BlockFormat format, Tensor values)
    {
        var (elements, bytes) = format.Block;
        int blocks = (int)(values.numel() / elements);
        var encoded = new byte[blocks * bytes];
        StoredTensor.Share(blocks, (start, after) =>
        {
            int first = (int)start, end = (int)after;
            var floats = MemoryMarshal.Cast<byte, float>(values.bytes)[(first * elements)..(end * elements)];
            format.Encode(floats, encoded.AsSpan(first * bytes, (end - first) * bytes));
        });
        return encoded;
    }
}
