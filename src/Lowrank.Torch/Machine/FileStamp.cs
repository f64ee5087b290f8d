namespace Lowrank.Torch;

/// <summary>Tells one state of a file, or of the files of a folder, from another without reading them.</summary>
public static class FileStamp
{
    /// <summary>Full paths, sizes and times of writing; empty where there is nothing.</summary>
    public static string Of(string path)
    {
        if (File.Exists(path)) return Of(new FileInfo(path));
        if (!Directory.Exists(path)) return "";
        var files = new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories);
        return string.Join('\n', files.Select(Of).Order(StringComparer.Ordinal));
    }

    static string Of(FileInfo file) => $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}";
}
