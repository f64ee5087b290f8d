using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Lowrank.Formats;

/// <summary>Writes to another stream from a thread of its own, while the next bytes are made. <see cref="Finish"/> ends it; its faults, and
/// those of earlier writes, are thrown where the next call meets them.</summary>
sealed class WriteBehind : Stream
{
    const int BufferBytes = 8 << 20, Buffers = 4;

    readonly BlockingCollection<ArraySegment<byte>> waiting = new(Buffers);
    readonly BlockingCollection<byte[]> free = [];
    readonly Task writing;
    byte[]? filling;
    int made, filled;
    volatile ExceptionDispatchInfo? fault;

    /// <summary>Over a stream, which is left open.</summary>
    public WriteBehind(Stream target) => writing = Task.Factory.StartNew(
        () => WriteTo(target), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    void WriteTo(Stream target)
    {
        foreach (var bytes in waiting.GetConsumingEnumerable())
        {
            try
            {
                if (fault is null) target.Write(bytes);
            }
            catch (Exception error)
            {
                fault = ExceptionDispatchInfo.Capture(error);   // thrown by the next call
            }
            free.Add(bytes.Array!);
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            fault?.Throw();
            filling ??= made++ < Buffers ? new byte[BufferBytes] : free.Take();
            int count = Math.Min(buffer.Length, BufferBytes - filled);
            buffer[..count].CopyTo(filling.AsSpan(filled));
            buffer = buffer[count..];
            if ((filled += count) == BufferBytes) Pass();
        }
    }

    void Pass()
    {
        if (filled > 0) waiting.Add(new(filling!, 0, filled));
        (filling, filled) = (null, 0);
    }

    /// <summary>Waits until everything is written.</summary>
    public void Finish()
    {
        Pass();
        waiting.CompleteAdding();
        writing.Wait();
        fault?.Throw();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            waiting.CompleteAdding();
            writing.Wait();
            waiting.Dispose();
            free.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
