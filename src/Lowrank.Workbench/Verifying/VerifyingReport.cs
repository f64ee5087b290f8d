namespace Lowrank.Workbench;

/// <summary>How far two adapters make different models of a base.</summary>
/// <param name="A">One adapter.</param>
/// <param name="B">The other.</param>
/// <param name="Base">The base model, or the published shape.</param>
/// <param name="Equal">Whether no target differs by more than the tolerance.</param>
/// <param name="Tolerance">The largest allowed difference, as a share of the change at its target.</param>
/// <param name="Largest">The largest difference, as such a share.</param>
/// <param name="LargestAt">Where it is; null where nothing is adapted.</param>
/// <param name="OnlyA">Targets that A alone adapts.</param>
/// <param name="OnlyB">Targets that B alone adapts.</param>
/// <param name="Targets">Every target, the most different first.</param>
/// <param name="Notes">What the user should know.</param>
public sealed record VerifyingReport(
    string A,
    string B,
    string Base,
    bool Equal,
    double Tolerance,
    double Largest,
    string? LargestAt,
    int OnlyA,
    int OnlyB,
    IReadOnlyList<ComparedTarget> Targets,
    IReadOnlyList<string> Notes)
{
    /// <summary>What the files held and was not used.</summary>
    public IReadOnlyList<PassedOver> PassedOver { get; init; } = [];
}
