namespace Lowrank.Adapters;

/// <summary>An adapter that was made of others, or of two models, and what that cost.</summary>
/// <param name="Adapter">The adapter; the caller's.</param>
/// <param name="Targets">What was done at each target.</param>
public sealed record ReworkedAdapter(Adapter Adapter, IReadOnlyList<ReworkedTarget> Targets) : IDisposable
{
    /// <summary>
    /// Relative error over all targets: the norm of what is lost by the norm of what there was; null where it is not known.
    /// </summary>
    public double? Error => Targets.All(t => t.Error is not null)
        ? Math.Sqrt(Targets.Sum(t => t.ErrorNorm!.Value * t.ErrorNorm.Value) / Math.Max(Targets.Sum(t => t.Spectrum?.Energy ?? 0), double.Epsilon))
        : null;

    /// <inheritdoc/>
    public void Dispose() => Adapter.Dispose();
}
