using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Lowrank.Language;

/// <summary>Pieces of a text while a thread of its own writes it: libtorch keeps threads for each thread that computes.</summary>
static class GenerationStream
{
    /// <summary>Writes a text. Who stops listening stops the writing.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async IAsyncEnumerable<GeneratedPiece> Run(
        LanguageModel model, GenerationRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var channel = Channel.CreateUnbounded<GeneratedPiece>(new() { SingleReader = true, SingleWriter = true });
        var writing = Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (var piece in channel.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false)) yield return piece;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(false);
        }
        cancel.ThrowIfCancellationRequested();

        void Write()
        {
            Exception? fault = null;
            try
            {
                var listener = new PieceListener(piece => channel.Writer.TryWrite(piece));
                model.GenerateAll([request], listener: listener, cancel: stop.Token);
            }
            catch (Exception error)
            {
                fault = error;   // told to who reads
            }
            channel.Writer.Complete(fault);
        }
    }

    sealed class PieceListener(Action<GeneratedPiece> tell) : IProgress<GeneratedPiece>
    {
        public void Report(GeneratedPiece value) => tell(value);
    }
}
