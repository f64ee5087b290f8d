using System.Text.RegularExpressions;

namespace Lowrank.Formats;

/// <summary>Finds out before any work is done whether a file or folder may be written where the user wants it.</summary>
public static partial class OutputPlace
{
    /// <summary>
    /// Whether a place that is not there yet ends as files do: in a point and three to five letters and digits, of which the first is a
    /// letter. Folders may be called so too; a separator at the end says that it is one.
    /// </summary>
    public static bool LooksLikeFile(string path) => FileEnding().IsMatch(path) && !Path.Exists(path);

    [GeneratedRegex(@"[^./\\]\.([A-Za-z][A-Za-z0-9]{2,4}|safetensors)$")]
    private static partial Regex FileEnding();

    /// <summary>Makes sure that a file can be written without losing another.</summary>
    /// <param name="path">The file to be.</param>
    /// <param name="overwrite">Whether it may exist.</param>
    /// <param name="inputs">What it is made of, which it must not replace.</param>
    /// <exception cref="LowrankException">It is a folder, a named pipe or its like, exists already, or is one of the inputs.</exception>
    public static void CheckFile(string path, bool overwrite, params IEnumerable<string> inputs)
    {
        CheckInputs(path, inputs);
        if (Directory.Exists(path) || path.EndsWith(Path.DirectorySeparatorChar))
            throw new LowrankException(
                $"{path} is a folder, and a file is to be written. Give its name, such as {Path.Combine(path, "new.safetensors")}.");
        if (FileKind.NotRegular(path) is { } kind)
            throw new LowrankException($"{path} is no file but {kind}, which is not replaced. Give the name of a file.");
        if (File.Exists(path) && !overwrite) throw new LowrankException($"{path} exists already. Give another name, or overwrite it.");
        CheckParent(path);
    }

    /// <summary>Makes sure that a file's name tells what is written into it.</summary>
    /// <param name="path">The file to be.</param>
    /// <param name="ending">How names of such files end.</param>
    /// <exception cref="LowrankException">It ends in another way.</exception>
    public static void CheckEnding(string path, string ending = ".safetensors")
    {
        if (Path.GetExtension(path) != ending) throw new LowrankException($"{path} does not end in {ending}, which is what is written.");
    }

    /// <summary>Makes sure that a folder can be made without mixing its files with others.</summary>
    /// <param name="path">The folder to be; it must not exist, or be empty.</param>
    /// <param name="inputs">What it is made of.</param>
    /// <exception cref="LowrankException">It is a file or is called as one, holds something, or is one of the inputs.</exception>
    public static void CheckFolder(string path, params IEnumerable<string> inputs)
    {
        CheckInputs(path, inputs);
        if (File.Exists(path))
            throw new LowrankException($"{path} is a file, and a folder is to be written. Give the name of a new folder.");
        if (LooksLikeFile(path))
            throw new LowrankException($"{path} ends as a file does, and a folder is to be written. Leave the ending out, or write " +
                $"{path}{Path.DirectorySeparatorChar} for a folder of that name.");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new LowrankException($"{path} exists already and is not empty. Give the name of a new folder.");
        CheckParent(Path.TrimEndingDirectorySeparator(path));
    }

    /// <summary>Makes sure that the disk has room.</summary>
    /// <param name="path">What is to be written.</param>
    /// <param name="bytes">How large it will be.</param>
    /// <exception cref="LowrankException">It has not.</exception>
    public static void CheckSpace(string path, long bytes)
    {
        string? folder = Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(path)));
        while (folder is not null && !Directory.Exists(folder)) folder = Path.GetDirectoryName(folder);
        if (folder is null) return;
        long free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < bytes)
            throw new LowrankException(FormattableString.Invariant(
                $"{path} will have {bytes / 1e6:0.0} MB, and {free / 1e6:0.0} MB are free on its disk."));
    }

    static void CheckInputs(string path, IEnumerable<string> inputs)
    {
        if (path.Length == 0) throw new LowrankException("the output has an empty name.");
        string real = Real(path);
        foreach (string input in inputs.Where(input => PartNames.Beside(input).Any(part => Real(part) == real)))
            throw new LowrankException($"{path} is the output and an input too ({input}). Give the output another name.");
        foreach (string input in inputs.Where(input => Directory.Exists(input) && File.Exists(path) && IsInside(real, Real(input))))
            throw new LowrankException($"{path} is the output and a file of the input {input} too. Give the output another name.");
    }

    // A file in the way, as a folder of the output's path, would only be found at the end.
    static void CheckParent(string path)
    {
        for (string? at = Path.GetDirectoryName(Path.GetFullPath(path)); at is not null; at = Path.GetDirectoryName(at))
            if (File.Exists(at)) throw new LowrankException($"{path} cannot be written: {at} is a file, not a folder.");
    }

    static bool IsInside(string file, string folder) => file.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // Where a name leads, links followed, those of the folders above it too.
    static string Real(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent) return full;
        string here = Path.Combine(Real(parent), Path.GetFileName(full));
        FileSystemInfo info = Directory.Exists(here) ? new DirectoryInfo(here) : new FileInfo(here);
        return info.LinkTarget is not null && info.ResolveLinkTarget(returnFinalTarget: true) is { } target ? Real(target.FullName) : here;
    }
}
