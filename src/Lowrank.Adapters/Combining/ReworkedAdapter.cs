namespace Lowrank.Adapters;

/// <summary>An adapter that was made of others, or of two models, and what that cost.</summary>
/// <param name="Adapter">The adapter; the caller's.</param>
/// <param name="Targets">What was done at each target.</param>
public sealed record ReworkedAdapter(Adapter Adapter, IReadOnlyList<ReworkedTarget> Targets) : IDisposable
{
    /// <summary>Relative error over all targets: the norm of what is lost by the norm of what there was; null where it is not known.</summary>
    public double? Error => Targets.All(t => t.Error is not null)
        ? Math.Sqrt(Targets.Sum(t => t.ErrorNorm!.Value * t.ErrorNorm.Value) / Math.Max(Targets.Sum(t => t.Spectrum?.Energy ?? 0), double.Epsilon))
        : null;

    /// <inheritdoc/>
    public void Dispose() => Adapter.Dispose();
}

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
