namespace Lowrank.Workbench;

/// <summary>What metadata call a base model.</summary>
static class ModelName
{
    /// <summary>Name of its folder, or of its file without ending.</summary>
    public static string Of(string path) => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path));
}
