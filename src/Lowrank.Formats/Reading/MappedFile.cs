using System.IO.MemoryMappedFiles;

namespace Lowrank.Formats;

/// <summary>A file's bytes in the address space: they come from the disk when they are touched, and may go again when memory is short. Its
/// users are counted; the last one's end is the mapping's.</summary>
sealed unsafe class MappedFile : IDisposable
{
    readonly MemoryMappedFile file;
    readonly MemoryMappedViewAccessor view;
    readonly byte* start;
    int users = 1;

    /// <summary>Maps an open file, which may be closed then.</summary>
    /// <exception cref="LowrankException">The system does not map it.</exception>
    internal MappedFile(FileStream stream, string path)
    {
        try
        {
            file = MemoryMappedFile.CreateFromFile(
                stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            view?.Dispose();
            file?.Dispose();
            throw new LowrankException($"{path} cannot be mapped into memory: {error.Message} Read it instead.", error);
        }
    }

    /// <summary>The address of a byte.</summary>
    internal nint At(long place) => (nint)(start + view.PointerOffset + place);

    /// <summary>One more user, who disposes of it too.</summary>
    internal MappedFile Shared()
    {
        Interlocked.Increment(ref users);
        return this;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref users) > 0) return;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }
}
