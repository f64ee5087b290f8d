namespace Lowrank.Torch;

/// <summary>How another program keeps a layer's weight, where that is not as the published model has it.</summary>
public sealed record KeptWeight
{
    /// <summary>A weight that is kept as it is.</summary>
    public static KeptWeight AsIs { get; } = new();

    /// <summary>Rows (out, ...) in the other program's order, of the weight itself and of what is added to it.</summary>
    public Func<Tensor, Tensor> RowsToOther { get; init; } = static rows => rows;

    /// <summary>Rows of the other program in the published order.</summary>
    public Func<Tensor, Tensor> RowsToOwn { get; init; } = static rows => rows;

    /// <summary>What is added to every value of a whole weight: 1 where a norm multiplies by 1 + w.</summary>
    public double Added { get; init; }
}
