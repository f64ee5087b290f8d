namespace Lowrank.Formats;

/// <summary>A matrix of floats where one of few bits stood: what replaces one whose format is only read.</summary>
/// <param name="values">float32, (rows, columns), contiguous on the CPU; taken over.</param>
sealed class DenseMatrix(Tensor values) : IPackedMatrix
{
    public long[] Shape => values.shape;

    public string Format => TensorDtype.F32.Name;

    public long Bytes => values.numel() * sizeof(float);

    /// <summary>A copy.</summary>
    internal static DenseMatrix Of(Tensor values)
    {
        using var scope = NewDisposeScope();
        return new(scope.Detach(values.detach().to(ScalarType.Float32, CPU, copy: true).contiguous()));
    }

    public void DecodeTo(Tensor to) => to.copy_(values);

    public IPackedMatrix Rounded(Tensor other) => Of(other);

    public void Dispose() => values.Dispose();
}
