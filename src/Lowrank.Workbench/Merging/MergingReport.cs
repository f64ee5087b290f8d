namespace Lowrank.Workbench;

/// <summary>What a merge made.</summary>
/// <param name="Kind">"base model" or "adapter".</param>
/// <param name="Way">How: "adapters into a model", "weighted sum", "add difference", or the combination's name.</param>
/// <param name="Inputs">What was merged, with strengths.</param>
/// <param name="Output">What was written.</param>
/// <param name="Changed">Weights that were changed, or layers that are adapted.</param>
/// <param name="Ranks">Layers by rank, most first; null for a model.</param>
/// <param name="Error">What was lost, as a share of what there was; null where nothing was decomposed or measured.</param>
/// <param name="Bytes">Bytes written.</param>
/// <param name="Notes">What the user should know.</param>
public sealed record MergingReport(
    string Kind,
    string Way,
    IReadOnlyList<string> Inputs,
    string Output,
    int Changed,
    IReadOnlyDictionary<string, int>? Ranks,
    double? Error,
    long Bytes,
    IReadOnlyList<string> Notes)
{
    /// <summary>Frobenius norm of what was added to a model; null where it was not measured.</summary>
    public double? Norm { get; init; }

    /// <summary>What the files held and was not used.</summary>
    public IReadOnlyList<PassedOver> PassedOver { get; init; } = [];
}
