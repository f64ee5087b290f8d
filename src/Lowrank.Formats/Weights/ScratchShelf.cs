using System.Collections.Concurrent;

namespace Lowrank.Formats;

/// <summary>Memory that weights are made in for a moment, shared by the layers of a model: as many pieces as callers that run at
/// once.</summary>
public sealed class ScratchShelf : IDisposable
{
    readonly ConcurrentBag<Scratch> free = [];

    /// <summary>Runs a body with a piece that nobody else has.</summary>
    public T Lend<T>(Func<Scratch, T> body)
    {
        if (!free.TryTake(out var scratch)) scratch = new();
        try
        {
            return body(scratch);
        }
        finally
        {
            free.Add(scratch);
        }
    }

    /// <summary>Frees what is not lent.</summary>
    public void Dispose()
    {
        while (free.TryTake(out var scratch)) scratch.Dispose();
    }
}
