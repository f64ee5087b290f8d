namespace Lowrank.Formats;

/// <summary>A matrix of few bits whose heads' pairs lie half a head apart, kept with pairs side by side (<see cref="PairedRows"/>): nothing
/// is moved but what is made of it.</summary>
/// <param name="kept">The matrix as it is kept; taken over.</param>
/// <param name="order">Its heads.</param>
public sealed class PairedMatrix(IPackedMatrix kept, PairedRows order) : IPackedMatrix
{
    /// <inheritdoc/>
    public long[] Shape => kept.Shape;

    /// <inheritdoc/>
    public string Format => kept.Format;

    /// <inheritdoc/>
    public long Bytes => kept.Bytes;

    /// <inheritdoc/>
    public void DecodeTo(Tensor values)
    {
        using var scope = NewDisposeScope();
        kept.DecodeTo(values);
        values.copy_(order.HalfApart(values));
    }

    /// <inheritdoc/>
    public IPackedMatrix Rounded(Tensor values)
    {
        using var scope = NewDisposeScope();
        return new PairedMatrix(kept.Rounded(order.SideBySide(values)), order);
    }

    /// <inheritdoc/>
    public bool Holds(Tensor values) => kept.Holds(values);

    /// <inheritdoc/>
    public Tensor? Multiply(Tensor x)
    {
        using var scope = NewDisposeScope();
        if (kept.Multiply(x) is not { } product) return null;
        long outputs = Shape[0];
        var rows = order.HalfApart(product.view(-1, outputs).t());   // (outputs, rows of x)
        return rows.t().contiguous().view(product.shape).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => kept.Dispose();
}
