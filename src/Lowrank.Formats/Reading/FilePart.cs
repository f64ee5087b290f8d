namespace Lowrank.Formats;

/// <summary>An open file from some byte on, with a position of its own. The file outlives it.</summary>
sealed class FilePart(FileStream file, long start) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => file.Length - start;
    public override long Position { get; set; }
    public override void Flush() { }

    public override int Read(Span<byte> buffer)
    {
        ReadAhead.Begin(file.SafeFileHandle, start + Position, buffer.Length);
        int count = RandomAccess.Read(file.SafeFileHandle, buffer, start + Position);
        Position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => Position, _ => Length };

    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
