namespace Lowrank.Formats;

/// <summary>
/// Two orders of the rows that make heads which are turned by their positions: numbers that turn together lie half a head apart, as models
/// are published, or side by side, as llama.cpp keeps them.
/// </summary>
/// <param name="headRows">Rows of a head; even.</param>
public sealed class PairedRows(long headRows)
{
    /// <summary>Rows of pairs side by side, of rows whose pairs lie half a head apart.</summary>
    /// <param name="values">(heads · rows of a head, ...).</param>
    public Tensor SideBySide(Tensor values) => Ordered(values, 2, headRows / 2);

    /// <summary>The other way.</summary>
    /// <param name="values">(heads · rows of a head, ...).</param>
    public Tensor HalfApart(Tensor values) => Ordered(values, headRows / 2, 2);

    Tensor Ordered(Tensor values, long outer, long inner)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var scope = NewDisposeScope();
        long[] shape = values.shape;
        if (shape[0] % headRows != 0)
            throw new LowrankException($"{shape[0]} rows are no heads of {headRows} rows each. Do the counts of heads fit the model?");
        var ordered = values.reshape(-1, outer, inner, values.numel() / shape[0]).transpose(1, 2).reshape(shape);
        return scope.MoveToOuter(ordered.contiguous());
    }
}
