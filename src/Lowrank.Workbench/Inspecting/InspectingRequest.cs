namespace Lowrank.Workbench;

/// <summary>Files or folders that are to be looked at.</summary>
/// <param name="Paths">Adapters (files or PEFT folders), folders of several adapters, base models (folders or single files), or other
/// files of tensors.</param>
public sealed record InspectingRequest(params IReadOnlyList<string> Paths) : IJobRequest
{
    /// <summary>Whether to list every tensor, of one thing alone.</summary>
    public bool Keys { get; init; }

    /// <summary>Whether to measure each layer's change and look for values that are wrong, which reads the tensors; null does for an
    /// adapter that is looked at alone.</summary>
    public bool? Norms { get; init; }

    /// <summary>Whether to hash the files, which reads them; null does for an adapter that is looked at alone.</summary>
    public bool? Hashes { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Paths.Count == 0) yield return "What is to be looked at? Give a file or a folder.";
    }
}
