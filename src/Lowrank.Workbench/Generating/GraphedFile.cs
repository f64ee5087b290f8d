namespace Lowrank.Workbench;

/// <summary>Files as a graph of ComfyUI names them: by their names in its folders.</summary>
static class GraphedFile
{
    /// <summary>The name of a file or folder.</summary>
    public static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

    /// <summary>The name of an adapter's file; of a folder it is the one with the tensors.</summary>
    public static string NameOfAdapter(string path) => NameOf(AdapterPlace.TensorsOf(path));
}
