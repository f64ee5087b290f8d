namespace Lowrank.Workbench;

/// <summary>What extracting or resizing made.</summary>
/// <param name="Way">"extract" or "resize".</param>
/// <param name="Inputs">What was read.</param>
/// <param name="Output">What was written.</param>
/// <param name="Rule">How ranks were found.</param>
/// <param name="Ranks">Layers by rank, most first; "whole" for those that are held whole.</param>
/// <param name="Error">What was lost, as a share of what there was (Frobenius norms over all layers); null where it is not known.</param>
/// <param name="Bytes">Bytes written.</param>
/// <param name="Layers">Every layer.</param>
/// <param name="Notes">What the user should know.</param>
public sealed record ReworkReport(
    string Way,
    IReadOnlyList<string> Inputs,
    string Output,
    string Rule,
    IReadOnlyDictionary<string, int> Ranks,
    double? Error,
    long Bytes,
    IReadOnlyList<ReworkedLayer> Layers,
    IReadOnlyList<string> Notes)
{
    /// <summary>What the files held and was not used.</summary>
    public IReadOnlyList<PassedOver> PassedOver { get; init; } = [];

    internal static ReworkReport Of(
        string way, IReadOnlyList<string> inputs, string rule, ReworkedAdapter made, WrittenAdapter written, IReadOnlyList<string> notes) =>
        new(
            way,
            inputs,
            written.Path,
            rule,
            RanksOf(made),
            ErrorOf(made),
            written.Bytes,
            [.. made.Targets.Select(ReworkedLayer.Of)],
            [.. notes, .. written.Notes]);

    /// <summary>A sentence on the layers of which a rule keeps nothing; none where there are none.</summary>
    /// <param name="made">The layers.</param>
    /// <param name="ranks">The rules.</param>
    internal static IEnumerable<string> KeptByNoRule(ReworkedAdapter made, RankChoice ranks)
    {
        int count = made.Targets.Count(one => one.Spectrum is { } spectrum && ranks.For(one.Target).KeepsNone(spectrum));
        if (count == 0) yield break;
        yield return $"{Listing.Count(count, "layer has", "layers have")} no singular value that {ranks.Linear} keeps, and rank 1 " +
            "all the same: the largest is kept, and the rest is lost";
    }

    /// <summary>Layers by rank, most first.</summary>
    internal static IReadOnlyDictionary<string, int> RanksOf(ReworkedAdapter made) =>
        made.Targets.CountMostFirst(t => t.Rank == 0 ? "whole" : Quantity.Number(t.Rank));

    /// <summary>The loss of those that were decomposed; null where none was.</summary>
    internal static double? ErrorOf(ReworkedAdapter made) => made.Targets.Any(t => t.Spectrum is not null) ? made.Error : null;
}
