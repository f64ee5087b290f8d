namespace Lowrank.Formats;

/// <summary>A tensor rounded to a type of GGUF files, and what it then stands for.</summary>
public static class RoundedBlocks
{
    // At once: an array holds 2 GiB.
    const long MostBytes = 256 << 20;

    /// <summary>Bytes as a file holds them, uint8, the last axis in bytes; they belong to the caller's scope.</summary>
    /// <param name="info">Type and shape in the file.</param>
    /// <param name="values">Floats of that shape.</param>
    /// <exception cref="LowrankException">Another shape, or values that the type does not hold.</exception>
    public static Tensor Encode(TensorInfo info, Tensor values) => Encode(info, values, MostBytes);

    internal static Tensor Encode(TensorInfo info, Tensor values, long most)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(values);
        if (!values.shape.AsSpan().SequenceEqual(info.Shape))
            throw new LowrankException($"'{info.Name}' is of shape {info.Shape.Text()}, and came as {values.shape.Text()}.");
        var blocks = empty(GgufFile.BlockShape(info), ScalarType.Byte, CPU);
        foreach (var (first, part) in Pieces(info, most))
        {
            using var scope = NewDisposeScope();
            using var bytes = new MemoryStream();
            GgufData.Write(bytes, part, Rows(values, first, part.Shape));
            Rows(blocks, first, part.Shape).copy_(tensor(bytes.ToArray(), device: CPU).reshape(GgufFile.BlockShape(part)));
        }
        return blocks;
    }

    /// <summary>The values of such bytes, float32 in the tensor's shape; they belong to the caller's scope.</summary>
    public static Tensor Decode(TensorInfo info, Tensor blocks) => Decode(info, blocks, MostBytes);

    internal static Tensor Decode(TensorInfo info, Tensor blocks, long most)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(blocks);
        var values = empty(info.Shape, ScalarType.Float32, CPU);
        foreach (var (first, part) in Pieces(info, most))
        {
            using var scope = NewDisposeScope();
            using var bytes = new MemoryStream(Rows(blocks, first, part.Shape).contiguous().bytes.ToArray());
            Rows(values, first, part.Shape).copy_(TensorBytes.Read(bytes, part.Dtype, part.Shape));
        }
        return values;
    }

    static IEnumerable<(long First, TensorInfo Part)> Pieces(TensorInfo info, long most)
    {
        bool isWhole = info.Shape.Length < 2 || info.Bytes <= most;
        long rows = isWhole ? 0 : info.Shape[0], step = isWhole ? 0 : Math.Max(1, rows * most / info.Bytes);
        if (isWhole) yield return (0, info);
        for (long first = 0; first < rows; first += step)
            yield return (first, info with { Shape = [Math.Min(step, rows - first), .. info.Shape[1..]] });
    }

    static Tensor Rows(Tensor whole, long first, long[] part) => part.Length < 2 ? whole : whole.narrow(0, first, part[0]);
}
