namespace Lowrank.Formats;

/// <summary>Writes a new folder whole or not at all: beside its place first, then moved there.</summary>
public static class AtomicFolder
{
    /// <summary>Writes <paramref name="path"/>, which must not exist or be empty; a failing <paramref name="write"/> leaves
    /// nothing.</summary>
    /// <param name="path">The folder to be.</param>
    /// <param name="write">Fills the folder that it is given, which lies beside and is not there yet.</param>
    /// <exception cref="LowrankException">The place cannot be written to.</exception>
    public static T Write<T>(string path, Func<string, T> write)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string aside = UnfinishedFiles.PlaceFor(full);
        try
        {
            var written = write(aside);
            if (Directory.Exists(full)) Directory.Delete(full);
            Directory.Move(aside, full);
            return written;
        }
        // What could not be written is the user's folder, whatever the one beside it is called.
        catch (LowrankException error) when (error.Message.Contains(aside, StringComparison.Ordinal))
        {
            throw new LowrankException(error.Message.Replace(aside, path, StringComparison.Ordinal), error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LowrankException($"{path} could not be written: {error.Message}", error);
        }
        finally
        {
            if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
        }
    }
}
