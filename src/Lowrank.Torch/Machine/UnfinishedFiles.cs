using System.Text.RegularExpressions;

namespace Lowrank.Torch;

/// <summary>
/// Where a file or folder is written before it takes its place: <c>.name.(32 digits).partial</c> beside it. What a process that was killed
/// left there goes with the next writing into the same folder.
/// </summary>
public static partial class UnfinishedFiles
{
    // Nobody writes so slowly: what was last written into before, and is held open by nobody, is left over.
    static readonly TimeSpan abandoned = TimeSpan.FromMinutes(10);

    /// <summary>A place for the unfinished file or folder, which is not there yet; what others left beside it is removed.</summary>
    /// <param name="full">The full path that it will have.</param>
    public static string PlaceFor(string full) => In(Path.GetDirectoryName(full) ?? full, $".{Path.GetFileName(full)}");

    /// <summary>The same within a folder that is written into, for several files at once.</summary>
    /// <param name="folder">The folder.</param>
    public static string PlaceWithin(string folder) => In(folder, "");

    static string In(string folder, string name)
    {
        Sweep(folder);
        return Path.Combine(folder, $"{name}.{Guid.NewGuid():n}.partial");
    }

    static void Sweep(string folder)
    {
        if (!Directory.Exists(folder)) return;
        var left = new DirectoryInfo(folder).EnumerateFileSystemInfos(".*.partial").Where(one => Name().IsMatch(one.Name)).ToList();
        foreach (var one in left)
        {
            try
            {
                if (one is DirectoryInfo within) SweepFolder(within);
                else if (IsAbandoned((FileInfo)one)) one.Delete();
            }
            // Somebody else's, or gone already: what is written now does not need it away.
            catch (Exception error) when (error is IOException or UnauthorizedAccessException) { }
        }
    }

    static void SweepFolder(DirectoryInfo folder)
    {
        var files = folder.EnumerateFiles("*", SearchOption.AllDirectories).ToList();
        if (DateTime.UtcNow - folder.LastWriteTimeUtc > abandoned && files.TrueForAll(IsAbandoned)) folder.Delete(recursive: true);
    }

    static bool IsAbandoned(FileInfo file)
    {
        if (DateTime.UtcNow - file.LastWriteTimeUtc <= abandoned) return false;
        // Who writes it holds it for himself.
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        return true;
    }

    [GeneratedRegex(@"^\.(.*\.)?[0-9a-f]{32}\.partial$")]
    private static partial Regex Name();
}
