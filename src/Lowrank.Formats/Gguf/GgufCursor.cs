using System.Buffers.Binary;

namespace Lowrank.Formats;

/// <summary>Goes through the head of a GGUF file; whatever it is asked for is first compared with what is left of the file.</summary>
sealed class GgufCursor(FileStream file, string path)
{
    const int BufferBytes = 1 << 16;

    // A chat template of a hundred kilobytes is a long one.
    const long LongestText = 64 << 20;

    readonly byte[] buffer = new byte[BufferBytes];
    readonly long length = file.Length;   // asked of the system each time
    long bufferStart;
    int filled;

    /// <summary>The next byte's place.</summary>
    internal long Position { get; private set; }

    internal long Left => length - Position;

    internal uint U32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Next(sizeof(uint), what));

    internal ulong U64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Next(sizeof(ulong), what));

    /// <summary>A number that counts things of at least so many bytes each.</summary>
    internal long Count(string what, long leastBytes)
    {
        long place = Position;
        ulong count = U64(what);
        if (count > (ulong)(Left / leastBytes))
            throw FileFault.At(path, place, $"the number of {what} is given as {count}, and the {Left} bytes after it have no room " +
                "for them. Is the download incomplete?");
        return (long)count;
    }

    internal string Text(string what)
    {
        long place = Position, bytes = TextLength(what);
        if (bytes > LongestText)
            throw FileFault.At(path, place, $"{what} has {bytes} bytes, and text that is read has {LongestText} at most");
        return GgufText.Of(Bytes(bytes, what)) ?? throw FileFault.At(path, place, $"{what} is no UTF-8 text");
    }

    /// <summary>Reads the length of a text that the file has room for.</summary>
    internal long TextLength(string what)
    {
        long place = Position;
        ulong bytes = U64(what);
        if (bytes > (ulong)Left)
            throw FileFault.At(path, place, $"{what} is said to have {bytes} bytes, and the file has {Left} after it. " +
                "Is the download incomplete, or the file damaged?");
        return (long)bytes;
    }

    /// <summary>The next bytes, for the caller to keep.</summary>
    internal byte[] Bytes(long count, string what)
    {
        Require(count, what);
        var bytes = new byte[count];
        ReadAt(Position, bytes);
        Position += count;
        return bytes;
    }

    /// <summary>The bytes between two places that were passed.</summary>
    internal byte[] Between(long start, long end)
    {
        var bytes = new byte[end - start];
        ReadAt(start, bytes);
        return bytes;
    }

    internal void Skip(long count, string what)
    {
        Require(count, what);
        Position += count;
    }

    /// <summary>The next few bytes, until the next call.</summary>
    internal ReadOnlySpan<byte> Next(int count, string what)
    {
        Require(count, what);
        if (Position < bufferStart || Position + count > bufferStart + filled)
        {
            filled = (int)Math.Min(BufferBytes, Left);
            bufferStart = Position;
            ReadAt(bufferStart, buffer.AsSpan(0, filled));
        }
        int at = (int)(Position - bufferStart);
        Position += count;
        return buffer.AsSpan(at, count);
    }

    void Require(long count, string what)
    {
        if (count > Left)
            throw FileFault.At(path, Position, $"the file ends within {what}: {count} bytes belong there, and it has {Left}. " +
                "Is the download incomplete?");
    }

    void ReadAt(long place, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int count = RandomAccess.Read(file.SafeFileHandle, bytes, place);
            if (count == 0) throw FileFault.At(path, place, "the file was shortened while it was read");
            bytes = bytes[count..];
            place += count;
        }
    }
}
