namespace Lowrank.Testing;

/// <summary>Files that are large and take no room: what is not written in them is a hole.</summary>
public static class SparseFile
{
    /// <summary>Makes a file that begins with these bytes; skips the test where the file system makes no holes.</summary>
    public static void Create(string path, byte[] head, long length)
    {
        var drive = new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!);
        long free = drive.AvailableFreeSpace;
        try
        {
            using var stream = File.Create(path);
            stream.Write(head);
            stream.SetLength(length);
        }
        catch (IOException error)
        {
            File.Delete(path);
            Xunit.Assert.Skip($"{drive.Name} ({drive.DriveFormat}) takes no file of {length} bytes: {error.Message}");
        }
        if (free - drive.AvailableFreeSpace < length / 2) return;
        File.Delete(path);
        Xunit.Assert.Skip($"the file system of {drive.Name} ({drive.DriveFormat}) makes no holes in files");
    }
}
