namespace Lowrank.Models;

/// <summary>Which row of the table of distances a pair of tokens reads: each distance its own when near, in growing steps when
/// far.</summary>
/// <param name="Buckets">Rows of the table.</param>
/// <param name="Farthest">The distance from which on all have one row.</param>
/// <param name="BothSides">Whether what comes after has half of the rows; else it counts as the token itself.</param>
sealed record T5Distances(int Buckets, int Farthest, bool BothSides)
{
    /// <summary>The rows (T, S) for the last T of S tokens.</summary>
    public Tensor Rows(long tokens, long keys, Device device)
    {
        using var scope = NewDisposeScope();
        var asking = arange(keys - tokens, keys, ScalarType.Int64, device).unsqueeze(1);
        return scope.MoveToOuter(Bucket(arange(keys, ScalarType.Int64, device).unsqueeze(0) - asking));
    }

    /// <summary>The row of each distance: of a key from what asks, below zero where it comes before.</summary>
    /// <remarks>Computed in float32 as transformers does, since a logarithm that is a whole number may be rounded down.</remarks>
    public Tensor Bucket(Tensor distance)
    {
        using var scope = NewDisposeScope();
        int rows = BothSides ? Buckets / 2 : Buckets, exact = rows / 2;
        var far = BothSides ? distance.abs() : -distance.clamp(max: 0);
        var steps = (far.clamp(min: 1).to(ScalarType.Float32) / exact).log() / Math.Log((double)Farthest / exact) * (rows - exact);
        var large = (steps.to(ScalarType.Int64) + exact).clamp(max: rows - 1);
        var bucket = far.where(far.lt(exact), large);
        return scope.MoveToOuter(BothSides ? bucket + distance.gt(0).to(ScalarType.Int64) * rows : bucket);
    }
}
