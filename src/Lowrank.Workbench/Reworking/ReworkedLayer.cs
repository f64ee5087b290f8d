namespace Lowrank.Workbench;

/// <summary>One layer of a <see cref="ReworkReport"/>.</summary>
/// <param name="Path">The layer.</param>
/// <param name="OldRank">Rank before; null where there was none.</param>
/// <param name="Rank">Rank now; 0 where the change is held whole.</param>
/// <param name="Norm">Frobenius norm of the wanted change.</param>
/// <param name="SumRetained">Share of the sum of singular values that is kept.</param>
/// <param name="NormRetained">Share of the Frobenius norm that is kept.</param>
/// <param name="LargestRatio">The largest singular value by the smallest that is kept.</param>
/// <param name="Error">Share of the change that is lost.</param>
public sealed record ReworkedLayer(
    string Path, int? OldRank, int Rank, double? Norm, double? SumRetained, double? NormRetained, double? LargestRatio, double? Error)
{
    /// <summary>The facts of a target.</summary>
    internal static ReworkedLayer Of(ReworkedTarget target) => new(
        target.Target.Path,
        target.OldRank,
        target.Rank,
        target.Spectrum?.Norm,
        target.SumRetained,
        target.NormRetained,
        RatioOf(target),
        target.Error);

    static double? RatioOf(ReworkedTarget target)
    {
        if (target.Spectrum is not { } spectrum || target.Rank < 1 || target.Rank > spectrum.Values.Count) return null;
        double least = spectrum.Values[target.Rank - 1];
        return least > 0 ? spectrum.Values[0] / least : null;
    }
}
