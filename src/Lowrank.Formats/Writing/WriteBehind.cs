using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Lowrank.Formats;

/// <summary>Writes to another stream from a thread of its own, while the next bytes are made. <see cref="Finish"/> ends it; its faults, and
/// those of earlier writes, are thrown where the next call meets them.</summary>
sealed class WriteBehind : Stream
{
    const int BufferBytes = 8 << 20, Buffers = 4;

    readonly BlockingCollection<(Memory<byte> Buffer, int Count)> waiting = new(Buffers);
    readonly BlockingCollection<Memory<byte>> free = [];
    readonly Task writing;
    Memory<byte> filling;
    int made, filled;
    volatile ExceptionDispatchInfo? fault;

    /// <summary>Over a stream, which is left open.</summary>
    public WriteBehind(Stream target) => writing = Task.Factory.StartNew(
        () => WriteTo(target), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    void WriteTo(Stream target)
    {
        var file = target as FileStream;
        bool isDirect = false;
        try
        {
            isDirect = file is not null && file.Position % DirectWrites.Alignment == 0 && DirectWrites.Set(file.SafeFileHandle, on: true);
        }
        catch (Exception error)
        {
            fault = ExceptionDispatchInfo.Capture(error);
        }
        foreach (var (buffer, count) in waiting.GetConsumingEnumerable())
        {
            try
            {
                if (isDirect && count % DirectWrites.Alignment != 0) isDirect = !DirectWrites.Set(file!.SafeFileHandle, on: false);
                if (fault is null) Write(target, buffer.Span[..count], ref isDirect);
            }
            catch (Exception error)
            {
                fault = ExceptionDispatchInfo.Capture(error);   // thrown by the next call
            }
            free.Add(buffer);
        }
        if (isDirect) DirectWrites.Set(file!.SafeFileHandle, on: false);
    }

    // Some file systems take the flag and then refuse: what is wrong besides is wrong the other way too.
    static void Write(Stream target, ReadOnlySpan<byte> bytes, ref bool isDirect)
    {
        if (!isDirect)
        {
            target.Write(bytes);
            return;
        }
        long start = target.Position;
        try
        {
            target.Write(bytes);
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            isDirect = !DirectWrites.Set(((FileStream)target).SafeFileHandle, on: false);
            target.Position = start;
            target.Write(bytes);
        }
    }

    // At an address that direct writes take.
    static Memory<byte> NewBuffer()
    {
        var bytes = GC.AllocateUninitializedArray<byte>(BufferBytes + DirectWrites.Alignment, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0);
        return bytes.AsMemory((int)(-address & (DirectWrites.Alignment - 1)), BufferBytes);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            fault?.Throw();
            if (filling.IsEmpty) filling = made++ < Buffers ? NewBuffer() : free.Take();
            int count = Math.Min(buffer.Length, BufferBytes - filled);
            buffer[..count].CopyTo(filling.Span[filled..]);
            buffer = buffer[count..];
            if ((filled += count) == BufferBytes) Pass();
        }
    }

    void Pass()
    {
        if (filled > 0) waiting.Add((filling, filled));
        (filling, filled) = (default, 0);
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
