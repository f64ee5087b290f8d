namespace Lowrank.Models;

/// <summary>A model's part that is read when it is first asked for, and anew where it was freed meanwhile.</summary>
/// <typeparam name="T">What it is.</typeparam>
/// <param name="read">Reads it.</param>
sealed class PartOnDemand<T>(Func<T> read) where T : nn.Module
{
    readonly Lock gate = new();
    T? part;
    bool isClosed;

    /// <summary>Whether it is in memory.</summary>
    public bool IsLoaded
    {
        get
        {
            lock (gate) return part is not null;
        }
    }

    /// <summary>The part.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public T Value
    {
        get
        {
            lock (gate)
            {
                // Read again it would be the files' own, without the adapters that were attached.
                ObjectDisposedException.ThrowIf(isClosed, typeof(StableDiffusion));
                return part ??= read();
            }
        }
    }

    /// <summary>Frees it; whoever was given it before has it no more.</summary>
    public void Free()
    {
        lock (gate)
        {
            part?.Dispose();
            part = null;
        }
    }

    /// <summary>Frees it for good.</summary>
    public void Close()
    {
        lock (gate) isClosed = true;
        Free();
    }
}
