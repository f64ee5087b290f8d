namespace Lowrank.Adapters;

/// <summary>An adapter that was made of others, or of two models, and what that cost.</summary>
/// <param name="Adapter">The adapter; the caller's.</param>
/// <param name="Targets">What was done at each target.</param>
public sealed record ReworkedAdapter(Adapter Adapter, IReadOnlyList<ReworkedTarget> Targets) : IDisposable
{
    /// <summary>
    /// Relative error over all targets: the norm of what is lost by the norm of what there was; null where it is not known.
    /// </summary>
    public double? Error
    {
        get
        {
            if (Targets.Any(t => t.Error is null)) return null;
            double lost = Targets.Sum(t => t.ErrorNorm!.Value * t.ErrorNorm.Value);
            double wanted = Targets.Sum(t => t.Spectrum?.Energy ?? 0);
            return Math.Sqrt(lost / Math.Max(wanted, double.Epsilon));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Adapter.Dispose();
}
