namespace Lowrank.Workbench;

/// <summary>What a file or folder of a model or an adapter is called.</summary>
static class PlaceName
{
    /// <summary>The folder's name, or the file's without ending; of a repository of the hub, its own name.</summary>
    public static string Of(string path)
    {
        if (HubName.IsMeant(path) && HubName.Parse(path).Name is { } name) return name.Path is { } file ? Stem(file) : name.Name;
        return CachedName.Of(path) ?? Stem(path);
    }

    static string Stem(string path) => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path));
}
