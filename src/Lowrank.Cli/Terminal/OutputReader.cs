using System.Text;

namespace Lowrank.Cli;

/// <summary>Whoever reads the standard output through a pipe: gone, as <c>head</c> is after its lines, nobody wants more of it.</summary>
/// <remarks>.NET's own stream drops what is written into such a pipe without a word, and a text would be written to its end.</remarks>
sealed class OutputReader : IDisposable
{
    readonly CancellationTokenSource source;
    readonly TextWriter before = Console.Out;

    OutputReader(CancellationToken cancel) => source = CancellationTokenSource.CreateLinkedTokenSource(cancel);

    /// <summary>Watches it, while texts are written.</summary>
    /// <param name="cancel">What else ends the work.</param>
    public static OutputReader Watch(CancellationToken cancel)
    {
        var watched = new OutputReader(cancel);
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return watched;
        var stream = new FileStream(new(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // A file has a place of its own, which others write at too, and no reader.
        if (stream.CanSeek) return watched;
        Console.Out.Flush();
        var encoding = Console.OutputEncoding is UTF8Encoding ? new UTF8Encoding(false) : Console.OutputEncoding;
        Console.SetOut(TextWriter.Synchronized(new StreamWriter(new WatchedPipe(stream, watched.Leave), encoding) { AutoFlush = true }));
        return watched;
    }

    /// <summary>Cancelled when the reader is gone, or when the work is to end for another reason.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Whether the reader is gone.</summary>
    public bool IsGone { get; private set; }

    void Leave()
    {
        if (IsGone) return;
        IsGone = true;
        source.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Console.SetOut(before);
        source.Dispose();
    }
}
