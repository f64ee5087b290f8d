namespace Lowrank.Formats;

/// <summary>A tensor rounded to a type of GGUF files, and what it then stands for.</summary>
public static class RoundedBlocks
{
    /// <summary>Bytes as a file holds them, uint8, the last axis in bytes; they belong to the caller's scope.</summary>
    /// <param name="info">Type and shape in the file.</param>
    /// <param name="values">Floats of that shape.</param>
    /// <exception cref="LowrankException">Another shape, or values that the type does not hold.</exception>
    public static Tensor Encode(TensorInfo info, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(values);
        using var bytes = new MemoryStream(checked((int)info.Bytes));
        GgufData.Write(bytes, info, values);
        return tensor(bytes.ToArray(), device: CPU).reshape(GgufFile.BlockShape(info));
    }

    /// <summary>The values of such bytes, float32 in the tensor's shape; they belong to the caller's scope.</summary>
    public static Tensor Decode(TensorInfo info, Tensor blocks)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(blocks);
        using var bytes = new MemoryStream(blocks.contiguous().bytes.ToArray());
        return TensorBytes.Read(bytes, info.Dtype, info.Shape).to(ScalarType.Float32);
    }
}
