namespace Lowrank.Formats;

/// <summary>A matrix as bitsandbytes' 8 bits keep it (<see cref="Int8Rows"/>).</summary>
/// <param name="numbers">(rows, columns) int8; taken over.</param>
/// <param name="largest">(rows) float32; taken over.</param>
public sealed class Int8Matrix(Tensor numbers, Tensor largest) : IPackedMatrix
{
    /// <summary>Rounds a matrix of floats, to halves first, as bitsandbytes does.</summary>
    public static Int8Matrix Round(Tensor values)
    {
        using var scope = NewDisposeScope();
        var (numbers, largest) = Int8Rows.Encode(values.detach().to(ScalarType.Float16, CPU));
        return new(scope.Detach(numbers), scope.Detach(largest));
    }

    /// <inheritdoc/>
    public long[] Shape => numbers.shape;

    /// <inheritdoc/>
    public string Format => "int8";

    /// <inheritdoc/>
    public long Bytes => numbers.numel() + largest.numel() * sizeof(float);

    /// <inheritdoc/>
    public void DecodeTo(Tensor values)
    {
        using var scope = NewDisposeScope();
        values.copy_(Int8Rows.Decode(numbers, largest));
    }

    /// <inheritdoc/>
    public bool Holds(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.to(ScalarType.Float16).isfinite().all().ToBoolean();
    }

    /// <inheritdoc/>
    public IPackedMatrix Rounded(Tensor values) => Round(values);

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        numbers.Dispose();
        largest.Dispose();
    }
}
