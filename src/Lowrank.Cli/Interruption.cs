using System.Runtime.InteropServices;

namespace Lowrank.Cli;

/// <summary>Turns the first Ctrl-C (or termination signal) into a cancelled token, so that work ends in order.</summary>
/// <remarks>The second one ends the process.</remarks>
sealed class Interruption : IDisposable
{
    readonly IHearsInterrupts? listener;

    readonly CancellationTokenSource source = new();
    readonly PosixSignalRegistration[] registrations;

    /// <summary>Listens from now on.</summary>
    /// <param name="listener">Who is asked first at a Ctrl-C; null for nobody.</param>
    public Interruption(IHearsInterrupts? listener)
    {
        this.listener = listener;
        registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),   // a terminal that is closed
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, OnSignal),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    internal void OnSignal(PosixSignalContext context)
    {
        if (source.IsCancellationRequested) return;
        context.Cancel = true;
        if (context.Signal == PosixSignal.SIGINT && listener?.Interrupt() == true) return;
        if (listener?.IsWithinText != true) Console.Error.WriteLine("\nStopping (once more stops at once) ...");
        source.Cancel();
    }

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }
}
