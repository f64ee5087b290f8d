namespace Lowrank.Formats;

/// <summary>Writes a file whole or not at all: beside it first, flushed to the disk, then renamed over it.</summary>
public static class AtomicFile
{
    /// <summary>Writes <paramref name="path"/>, whose folder is made if it lacks; a failing <paramref name="write"/> leaves the old file as
    /// it was, and nothing beside it.</summary>
    /// <exception cref="LowrankException">The place cannot be written to.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, overwrite: true);

    /// <summary>Writes a file that is not there yet: of several writers at one moment, one writes it.</summary>
    /// <returns>Whether it was written; false where there is one of that name.</returns>
    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    public static bool WriteNew(string path, Action<Stream> write) => !File.Exists(path) && Write(path, write, overwrite: false);

    static bool Write(string path, Action<Stream> write, bool overwrite)
    {
        if (string.IsNullOrWhiteSpace(path)) throw new LowrankException("a file is to be written, and its name is empty");
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? throw new LowrankException($"{path} is not the name of a file");
        if (Directory.Exists(full)) throw new LowrankException($"{path} is a folder; a file cannot be written over it");
        string aside = UnfinishedFiles.PlaceFor(full);
        try
        {
            Directory.CreateDirectory(folder);
            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(aside, full, overwrite);
            return true;
        }
        catch (Exception error)
        {
            if (File.Exists(aside)) File.Delete(aside);
            if (!overwrite && error is IOException && File.Exists(full)) return false;
            if (error is IOException or UnauthorizedAccessException)
            {
                string reason = error.Message.Replace(aside, path, StringComparison.Ordinal);
                throw new LowrankException($"{path} could not be written: {reason}", error);
            }
            // .NET's word for EFBIG: a limit of the system's, or FAT32's 4 GB.
            if (error is ArgumentOutOfRangeException { TargetSite.DeclaringType.FullName: "System.IO.RandomAccess" })
                throw new LowrankException(
                    $"{path} could not be written: it is larger than the file system or the user's limit allows.", error);
            throw;
        }
    }

    /// <summary>Writes text as UTF-8 without a mark at its beginning.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
