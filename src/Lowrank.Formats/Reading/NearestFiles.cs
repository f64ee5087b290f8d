namespace Lowrank.Formats;

/// <summary>Names that are there in place of one that is not: for errors.</summary>
public static class NearestFiles
{
    // Of folders with more, the first are looked at.
    const int Most = 1000;

    /// <summary>The end of a sentence on a path that does not exist: what lies nearest by name in its folder, files and folders.</summary>
    public static string Told(string path)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string? folder = Path.GetDirectoryName(path);
        if (folder is null || !Directory.Exists(folder)) return $", nor does the folder {folder}";
        var beside = Directory.EnumerateFileSystemEntries(folder).Take(Most).Select(entry => Path.GetFileName(entry));
        string[] there = [.. beside];
        var nearest = NearestNames.Resembling(Path.GetFileName(path), there);
        if (nearest.Count > 0) return $"; nearest in its folder: {string.Join(", ", nearest)}";
        return there.Length > 0 ? ", nor anything like it in its folder" : "; its folder is empty";
    }
}
