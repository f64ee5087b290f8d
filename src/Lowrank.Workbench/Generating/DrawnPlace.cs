namespace Lowrank.Workbench;

/// <summary>Whether pictures can be written to a place, told before the first is drawn.</summary>
static class DrawnPlace
{
    /// <summary>Whether a place that is not there yet ends as files do that are no pictures.</summary>
    public static bool LooksLikeFile(string output) => PictureFormat.OfPath(output) is null && OutputPlace.LooksLikeFile(output);

    /// <summary>Refuses a place that cannot be written to.</summary>
    /// <param name="output">A folder or a file.</param>
    /// <param name="isFile">Which of them it is to be.</param>
    /// <exception cref="LowrankException">Something else is there, or nobody may write there.</exception>
    public static void Check(string output, bool isFile)
    {
        if (!isFile && Path.Exists(output) && !Directory.Exists(output))
            throw new LowrankException($"{output} is {FileKind.NotRegular(output) ?? "a file"}, not a folder. " +
                "Give a folder, or a file's name that ends as a picture's.");
        if (isFile && Directory.Exists(output))
            throw new LowrankException($"{output} is a folder, and its name is a picture's. Give another name.");
        if (isFile && FileKind.NotRegular(output) is { } kind)
            throw new LowrankException($"{output} is no file but {kind}, which is not replaced. Give another name.");
        string? above = isFile ? Path.GetDirectoryName(Path.GetFullPath(output)) : Path.GetFullPath(output);
        while (above is { Length: > 0 } && !Path.Exists(above)) above = Path.GetDirectoryName(above);
        if (above is not { Length: > 0 }) return;
        if (!Directory.Exists(above))
            throw new LowrankException($"{output} cannot be written: {above} is {FileKind.NotRegular(above) ?? "a file"}, not a folder.");
        TryIn(above, output);
    }

    // Rights, read-only disks and full ones are known by writing alone.
    static void TryIn(string folder, string output)
    {
        string trial = Path.Combine(folder, $".lowrank-{Guid.NewGuid():n}");
        try
        {
            using var stream = new FileStream(trial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            stream.WriteByte(0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string reason = Reason(error, trial, folder);
            throw new LowrankException($"{output} cannot be written: {reason} Give another place by `output`.", error);
        }
    }

    // Where a disk is full or read-only, the system's own words tell it.
    static string Reason(Exception error, string trial, string folder) => error switch
    {
        UnauthorizedAccessException => $"who runs this may make no files in {folder}.",
        FileNotFoundException or DirectoryNotFoundException => $"{folder} takes no files.",
        _ => $"no file can be made in {folder}: {error.Message.Replace(trial, folder, StringComparison.Ordinal).TrimEnd('.')}.",
    };
}
