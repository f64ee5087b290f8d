namespace Lowrank.Bench;

/// <summary>A file of which the first piece is written, and what follows only takes its place: a hole, of which no disk knows.</summary>
sealed class HoleStream(string path) : Stream
{
    readonly FileStream file = File.Create(path);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position { get => file.Position; set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (file.Length == 0) file.Write(bytes);
        else file.SetLength(file.Length + bytes.Length);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => file.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long length) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
