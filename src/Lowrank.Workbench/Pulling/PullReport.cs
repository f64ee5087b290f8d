namespace Lowrank.Workbench;

/// <summary>What was fetched from the hub, or would be.</summary>
/// <param name="Name">The name.</param>
/// <param name="What">What it is: "diffusers folder", "adapter".</param>
/// <param name="Commit">The commit that the revision is.</param>
/// <param name="Place">The file or folder in the cache that commands open; null where nothing was fetched.</param>
/// <param name="Files">The files.</param>
public sealed record PullReport(string Name, string What, string Commit, string? Place, IReadOnlyList<PulledFile> Files)
{
    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Bytes of all files.</summary>
    public long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>Bytes that the cache did not have.</summary>
    public long Fetched => Files.Sum(file => file.Bytes - file.Present);
}
