namespace Lowrank.Formats;

/// <summary>A matrix of few bits with its axes exchanged: rows are kept as columns.</summary>
/// <param name="kept">The matrix as it is kept; taken over.</param>
public sealed class TransposedMatrix(IPackedMatrix kept) : IPackedMatrix
{
    /// <inheritdoc/>
    public long[] Shape => [kept.Shape[1], kept.Shape[0]];

    /// <inheritdoc/>
    public string Format => kept.Format;

    /// <inheritdoc/>
    public long Bytes => kept.Bytes;

    /// <inheritdoc/>
    public void DecodeTo(Tensor values)
    {
        using var scope = NewDisposeScope();
        var columns = empty(kept.Shape, ScalarType.Float32, CPU);
        kept.DecodeTo(columns);
        values.copy_(columns.t());
    }

    /// <inheritdoc/>
    public IPackedMatrix Rounded(Tensor values)
    {
        using var scope = NewDisposeScope();
        return new TransposedMatrix(kept.Rounded(values.t().contiguous()));
    }

    /// <inheritdoc/>
    public bool Holds(Tensor values) => kept.Holds(values);

    /// <inheritdoc/>
    public Tensor? MultiplyTransposed(Tensor x) => kept.Multiply(x);

    /// <summary>Frees the memory.</summary>
    public void Dispose() => kept.Dispose();
}
