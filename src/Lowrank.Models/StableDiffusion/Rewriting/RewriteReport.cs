namespace Lowrank.Models;

/// <summary>What was written.</summary>
/// <param name="Path">The folder or file.</param>
/// <param name="Family">"sd1", "sd2", "sdxl", "llama", ...</param>
/// <param name="Changed">Tensors of which a value is another, those of a joint tensor counted apart.</param>
/// <param name="Tensors">Tensors in all files that were written anew.</param>
/// <param name="Bytes">Bytes written.</param>
/// <param name="Notes">What the user should be told, a sentence each.</param>
public sealed record RewriteReport(string Path, string Family, int Changed, int Tensors, long Bytes, IReadOnlyList<string> Notes)
{
    /// <summary>Frobenius norm of the whole change; null where it was not measured.</summary>
    public double? Norm { get; init; }

    /// <summary>What of the change the types that are written lose, as a share of its norm; null where it was not measured.</summary>
    public double? Error { get; init; }
}
