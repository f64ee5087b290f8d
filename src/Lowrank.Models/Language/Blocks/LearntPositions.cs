namespace Lowrank.Models;

/// <summary>Positions that are looked up in a table.</summary>
static class LearntPositions
{
    /// <summary>The rows of positions (B, T), (B, T, C).</summary>
    /// <param name="table">The table.</param>
    /// <param name="positions">Positions from 0.</param>
    /// <param name="first">The row of position 0.</param>
    /// <exception cref="ShapeException">A position that the table does not have.</exception>
    public static Tensor Rows(Embedding table, Tensor positions, int first = 0)
    {
        long rows = table.Weight.Shape[0] - first, largest = positions.max().ToInt64();
        if (largest >= rows)
            throw new ShapeException($"position {largest} was given, and the model has a table of {rows} positions. Give shorter rows");
        return table.call(first == 0 ? positions : positions + first);
    }
}
