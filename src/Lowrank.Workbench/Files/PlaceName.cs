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

    // A folder has no ending, whatever stands behind a point in its name: run-0.1.
    static string Stem(string path)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        bool isFile = File.Exists(path) || (HubSelection.EndsAsWeights(name) && !Directory.Exists(path));
        return isFile ? Path.GetFileNameWithoutExtension(name) : name;
    }
}
