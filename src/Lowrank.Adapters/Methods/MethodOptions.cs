namespace Lowrank.Adapters;

/// <summary>What every low-rank method is asked for.</summary>
/// <param name="Rank">Rank of the factors, 1 or more.</param>
/// <param name="Alpha">Numerator of the scale; null or 0 means the rank, so that the scale is 1.</param>
public record MethodOptions(int Rank, double? Alpha = null)
{
    /// <summary>What is out of its range, one sentence each with the value; none when all is well.</summary>
    public virtual IEnumerable<string> Faults()
    {
        if (Rank < 1) yield return $"rank {Rank} is not 1 or more (4 to 64 are usual)";
        if (Alpha is { } alpha && !(alpha >= 0 && double.IsFinite(alpha))) yield return $"alpha {alpha} is not a finite number of 0 or more";
    }
}
