namespace Lowrank.Models;

/// <summary>How far a key lies from what asks, as DeBERTa counts it: exactly when near, in growing steps when far.</summary>
/// <param name="Buckets">How many distances on either side; 0 or less counts all exactly.</param>
/// <param name="Farthest">The distance at which the last bucket begins.</param>
sealed record DebertaPositions(int Buckets, int Farthest)
{
    /// <summary>How many rows the table has on either side.</summary>
    public int Span => Buckets > 0 ? Buckets : Farthest;

    /// <summary>The rows of the table (T, T) that tokens of a row read of each other: query, key.</summary>
    public Tensor Rows(long tokens, Device device)
    {
        using var scope = NewDisposeScope();
        var places = arange(tokens, ScalarType.Int64, device);
        var back = places.unsqueeze(1) - places.unsqueeze(0);
        return scope.MoveToOuter((Bucket(back) + Span).clamp(0, 2 * Span - 1));
    }

    /// <summary>The signed bucket of each distance.</summary>
    /// <remarks>Computed in float32 as transformers does, since a logarithm that is a whole number may be rounded up.</remarks>
    public Tensor Bucket(Tensor distance)
    {
        if (Buckets <= 0) return distance.alias();
        using var scope = NewDisposeScope();
        int mid = Buckets / 2;
        var far = distance.abs();
        var large = far.clamp(min: Math.Max(mid - 1, 1)).to(ScalarType.Float32) / mid;
        var whole = tensor((float)((Farthest - 1) / (double)mid), device: distance.device).log();
        var steps = (large.log() / whole * (mid - 1)).ceil() + mid;
        var signed = (steps * distance.sign().to(ScalarType.Float32)).to(ScalarType.Int64);
        return scope.MoveToOuter(distance.where(far.le(mid), signed));
    }
}
