namespace Lowrank.Formats;

/// <summary>A matrix that is kept in few bits and told in floats.</summary>
public interface IPackedMatrix : IDisposable
{
    /// <summary>(rows, columns).</summary>
    long[] Shape { get; }

    /// <summary>What it is kept as: "Q4_K", "nf4".</summary>
    string Format { get; }

    /// <summary>Bytes that it takes.</summary>
    long Bytes { get; }

    /// <summary>Tells the values into a contiguous float32 tensor of its shape on the CPU.</summary>
    void DecodeTo(Tensor values);

    /// <summary>Other values of its shape, all finite, in the same format; where that is only read here, as they are.</summary>
    IPackedMatrix Rounded(Tensor values);

    /// <summary>Whether the format can hold values: none infinite or too large, as far as it can say.</summary>
    bool Holds(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.isfinite().all().ToBoolean();
    }

    /// <summary>x Wᵀ where that is faster than telling the values first; null elsewhere. No gradient goes back.</summary>
    /// <param name="x">(..., columns).</param>
    /// <returns>(..., rows) in float32; it belongs to the caller's scope.</returns>
    Tensor? Multiply(Tensor x) => null;

    /// <inheritdoc cref="IPackedWeight.Takes"/>
    bool Takes(int tokens) => false;

    /// <inheritdoc cref="IPackedWeight.Multiply(TokenRows, TokenRows, long, long)"/>
    void Multiply(TokenRows x, TokenRows answer, long first, long after) =>
        throw new NotSupportedException($"ask {nameof(Takes)} first: few tokens are multiplied with what this matrix tells");

    /// <summary>x W in the same way.</summary>
    /// <param name="x">(..., rows).</param>
    /// <returns>(..., columns) in float32; it belongs to the caller's scope.</returns>
    Tensor? MultiplyTransposed(Tensor x) => null;

    /// <summary>Some rows, float32; they belong to the caller's scope.</summary>
    /// <param name="ids">Which, int64, of whatever shape.</param>
    /// <returns>(..., columns).</returns>
    /// <exception cref="LowrankException">A row that it does not have.</exception>
    Tensor Rows(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var places = RowPlaces.Of(ids, Shape);
        var values = empty(Shape, ScalarType.Float32, CPU);
        DecodeTo(values);
        var rows = values.index_select(0, tensor(places, ScalarType.Int64, CPU));
        return rows.view([.. ids.shape, Shape[1]]).MoveToOuterDisposeScope();
    }
}
