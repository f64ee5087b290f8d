namespace Lowrank.Cli;

/// <summary>A pipe that is written into for as long as somebody reads it; then what is written is dropped.</summary>
/// <remarks>A parent such as Node may have made it one that never waits: then a full pipe is asked again until there is room.</remarks>
/// <param name="pipe">The pipe.</param>
/// <param name="gone">Called where nobody reads it any more.</param>
sealed class WatchedPipe(Stream pipe, Action gone) : Stream
{
    const int BrokenPipe = 32;   // EPIPE, on Linux and macOS alike
    static readonly int full = OperatingSystem.IsLinux() ? 11 : 35;   // EAGAIN

    // What POSIX promises to take whole or not at all: of a longer piece nobody knew how much was taken before the pipe was full.
    const int Piece = 512;

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
        for (int at = 0; at < buffer.Length; at += Piece)
            if (!Take(buffer[at..Math.Min(at + Piece, buffer.Length)])) return;
    }

    // Whether somebody still reads.
    bool Take(ReadOnlySpan<byte> piece)
    {
        for (int wait = 1; ; wait = Math.Min(2 * wait, 50))
            try
            {
                pipe.Write(piece);
                return true;
            }
            catch (IOException error) when (error.HResult == full)
            {
                Thread.Sleep(wait);
            }
            catch (IOException error) when (error.HResult == BrokenPipe)
            {
                gone();
                return false;
            }
    }

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
