namespace Lowrank.Formats;

/// <summary>A GGUF file on the disk, whole by itself or a part of a split one: its head, and where its data are read.</summary>
sealed class GgufPart : IDisposable
{
    readonly Lazy<MappedFile> mapped;

    /// <summary>Opens a file and reads its head.</summary>
    /// <exception cref="LowrankException">The file is not a proper one.</exception>
    internal GgufPart(string path)
    {
        Path = path;
        Stream = FileBytes.Open(path);
        try
        {
            Header = new GgufHeaderReader(Stream, path).Read();
            mapped = new(() => new MappedFile(Stream, path));
        }
        catch
        {
            Stream.Dispose();
            throw;
        }
    }

    internal string Path { get; }

    internal FileStream Stream { get; }

    internal GgufHeader Header { get; }

    /// <summary>The file in memory, mapped when it is first asked for.</summary>
    internal MappedFile Mapped => mapped.Value;

    public void Dispose()
    {
        if (mapped.IsValueCreated) mapped.Value.Dispose();
        Stream.Dispose();
    }
}
