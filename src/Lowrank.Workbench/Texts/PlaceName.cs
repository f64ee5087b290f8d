namespace Lowrank.Workbench;

/// <summary>What a file or folder of a model or an adapter is called.</summary>
static class PlaceName
{
    /// <summary>The folder's name, or the file's without ending.</summary>
    public static string Of(string path) => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path));
}
