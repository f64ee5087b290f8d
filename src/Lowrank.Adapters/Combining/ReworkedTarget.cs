namespace Lowrank.Adapters;

/// <summary>What was done at one target.</summary>
/// <param name="Target">The weight.</param>
/// <param name="OldRank">Rank of the factors before; null where there were none.</param>
/// <param name="Rank">Rank now; 0 where the change is held whole.</param>
/// <param name="Spectrum">Singular values of the wanted change; null where none were taken.</param>
/// <param name="ErrorNorm">Frobenius norm of what is lost; null where it is not known.</param>
public sealed record ReworkedTarget(Target Target, int? OldRank, int Rank, Spectrum? Spectrum, double? ErrorNorm)
{
    /// <summary>The norm of what is lost by the norm of the wanted change; null where it is not known.</summary>
    public double? Error => ErrorNorm is null or 0 ? ErrorNorm : ErrorNorm / Spectrum?.Norm;

    /// <summary>The share of the sum of singular values that is kept; null where they are not all known.</summary>
    public double? SumRetained => Spectrum is { IsComplete: true, Energy: > 0 } s ? s.Values.Take(Rank).Sum() / s.Values.Sum() : null;

    /// <summary>The share of the Frobenius norm that is kept.</summary>
    public double? NormRetained => Spectrum is { Energy: > 0 } s ? Math.Sqrt(s.Values.Take(Rank).Sum(v => v * v) / s.Energy) : null;
}
