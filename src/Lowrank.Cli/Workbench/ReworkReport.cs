using Lowrank.Adapters;

namespace Lowrank.Cli;

/// <summary>What <c>lowrank extract</c> or <c>lowrank resize</c> made.</summary>
/// <param name="Way">"extract" or "resize".</param>
/// <param name="Inputs">What was read.</param>
/// <param name="Output">What was written.</param>
/// <param name="Rule">How ranks were found.</param>
/// <param name="Ranks">Layers by rank, most first; "whole" for those that are held whole.</param>
/// <param name="Error">What was lost, as a share of what there was (Frobenius norms over all layers); null where it is not known.</param>
/// <param name="Bytes">Bytes written.</param>
/// <param name="Layers">Every layer.</param>
/// <param name="Notes">What the user should know.</param>
sealed record ReworkReport(
    string Way, IReadOnlyList<string> Inputs, string Output, string Rule, IReadOnlyDictionary<string, int> Ranks, double? Error, long Bytes, IReadOnlyList<ReworkedLayer> Layers, IReadOnlyList<string> Notes)
{
    /// <summary>Layers by rank, most first.</summary>
    public static IReadOnlyDictionary<string, int> RanksOf(ReworkedAdapter made) =>
        made.Targets.CountBy(t => t.Rank == 0 ? "whole" : Quantity.Number(t.Rank)).OrderByDescending(pair => pair.Value).ToDictionary();

    /// <summary>The loss of those that were decomposed; null where none was.</summary>
    public static double? ErrorOf(ReworkedAdapter made) => made.Targets.Any(t => t.Spectrum is not null) ? made.Error : null;
}

/// <summary>One layer of a <see cref="ReworkReport"/>.</summary>
/// <param name="Path">The layer.</param>
/// <param name="OldRank">Rank before; null where there was none.</param>
/// <param name="Rank">Rank now; 0 where the change is held whole.</param>
/// <param name="Norm">Frobenius norm of the wanted change.</param>
/// <param name="SumRetained">Share of the sum of singular values that is kept.</param>
/// <param name="NormRetained">Share of the Frobenius norm that is kept.</param>
/// <param name="LargestRatio">The largest singular value by the smallest that is kept.</param>
/// <param name="Error">Share of the change that is lost.</param>
sealed record ReworkedLayer(string Path, int? OldRank, int Rank, double? Norm, double? SumRetained, double? NormRetained, double? LargestRatio, double? Error)
{
    /// <summary>The facts of a target.</summary>
    public static ReworkedLayer Of(ReworkedTarget target) => new(target.Target.Path, target.OldRank, target.Rank, target.Spectrum?.Norm, target.SumRetained, target.NormRetained,
        target.Spectrum is { } s && target.Rank > 0 && target.Rank <= s.Values.Count && s.Values[target.Rank - 1] > 0 ? s.Values[0] / s.Values[target.Rank - 1] : null, target.Error);
}
