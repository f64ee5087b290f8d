namespace Lowrank.Formats;

/// <summary>Opens files for reading, with errors a user can act on.</summary>
static class FileBytes
{
    internal static FileStream Open(string path)
    {
        if (Directory.Exists(path)) throw new LowrankException($"{path} is a folder, and a file was expected.");
        if (!File.Exists(path)) throw new LowrankException($"{path} does not exist{NearestFiles.Told(path)}.");
        FileKind.RequireRegular(path);
        try
        {
            // Unbuffered: headers are read in one piece, data through other roads.
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LowrankException($"{path} cannot be opened: {error.Message}", error);
        }
    }
}
