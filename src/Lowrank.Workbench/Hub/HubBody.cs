namespace Lowrank.Workbench;

/// <summary>The bytes of an answer as they arrive, from a server that may fall silent.</summary>
sealed class HubBody : IDisposable
{
    readonly Stream stream;
    readonly string host;
    readonly TimeSpan patience;
    readonly CancellationToken cancel;

    /// <summary>Begins to read.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="patience">How long the server may be silent.</param>
    /// <param name="cancel">Stops it.</param>
    public HubBody(HubAnswer answer, TimeSpan patience, CancellationToken cancel)
    {
        (this.patience, this.cancel, host) = (patience, cancel, answer.At.Authority);
        stream = answer.Last.Content.ReadAsStream(cancel);
    }

    /// <summary>Reads some bytes; 0 at the end.</summary>
    /// <exception cref="HubBreakException">The connection was cut, or nothing came for too long.</exception>
    public int Read(byte[] into)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(patience);
        try
        {
            return stream.ReadAsync(into, silence.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new HubBreakException($"{host} sent nothing for {Quantity.Duration(patience)}");
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            cancel.ThrowIfCancellationRequested();
            throw new HubBreakException($"{host} cut the connection");
        }
    }

    public void Dispose() => stream.Dispose();
}
