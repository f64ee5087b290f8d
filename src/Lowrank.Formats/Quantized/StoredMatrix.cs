namespace Lowrank.Formats;

/// <summary>A matrix in a format that is only read here, its stored tensors in memory: other values stay floats.</summary>
sealed class StoredMatrix(QuantizedScheme scheme, QuantizedParts parts, long[] shape) : IPackedMatrix
{
    public long[] Shape => shape;

    public string Format => scheme.Name;

    public long Bytes => parts.Bytes;

    public void DecodeTo(Tensor values)
    {
        using var scope = NewDisposeScope();
        values.copy_(scheme.Decode(parts));
    }

    public IPackedMatrix Rounded(Tensor values) => DenseMatrix.Of(values);

    public void Dispose() => parts.Dispose();
}
