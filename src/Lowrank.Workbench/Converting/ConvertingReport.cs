namespace Lowrank.Workbench;

/// <summary>What a conversion did.</summary>
/// <param name="Kind">"adapter" or "base model".</param>
/// <param name="From">The dialect, or the layout ("folder", "file").</param>
/// <param name="To">The same of the output.</param>
/// <param name="Input">What was read.</param>
/// <param name="Output">What was written.</param>
/// <param name="Methods">An adapter's layers by method.</param>
/// <param name="Tensors">Tensors written.</param>
/// <param name="Bytes">Bytes written.</param>
/// <param name="Notes">What the user should know.</param>
public sealed record ConvertingReport(
    string Kind,
    string From,
    string To,
    string Input,
    string Output,
    IReadOnlyDictionary<string, int>? Methods,
    int Tensors,
    long Bytes,
    IReadOnlyList<string> Notes)
{
    /// <summary>What the files held and was not used.</summary>
    public IReadOnlyList<PassedOver> PassedOver { get; init; } = [];
}
