namespace Lowrank.Workbench;

/// <summary>A repository at one commit, so far as the cache has it.</summary>
/// <param name="name">The repository.</param>
/// <param name="folder">The snapshot's folder.</param>
sealed class HubSnapshot(HubName name, string folder) : IHubListing
{
    /// <inheritdoc/>
    public string Name => name.Id;

    /// <summary>The snapshot's folder.</summary>
    public string Folder => folder;

    /// <inheritdoc/>
    public IReadOnlyList<HubFile> Files { get; } =
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(File.Exists)   // no link that leads nowhere
            .Select(path => new HubFile(PathIn(folder, path), HubCache.SizeOf(path), ""))
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];

    static string PathIn(string folder, string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <inheritdoc/>
    public string ReadText(HubFile file)
    {
        string path = HubPath.Below(folder, file.Path);
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LowrankException($"{path} cannot be read: {error.Message}", error);
        }
    }
}
