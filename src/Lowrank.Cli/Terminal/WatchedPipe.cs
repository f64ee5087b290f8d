namespace Lowrank.Cli;

/// <summary>A pipe that is written into for as long as somebody reads it; then what is written is dropped.</summary>
/// <param name="pipe">The pipe.</param>
/// <param name="gone">Called where nobody reads it any more.</param>
sealed class WatchedPipe(Stream pipe, Action gone) : Stream
{
    const int BrokenPipe = 32;   // EPIPE, on Linux and macOS alike

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            pipe.Write(buffer);
        }
        catch (IOException error) when (error.HResult == BrokenPipe)
        {
            gone();
        }
    }

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
