namespace Lowrank.Models;

/// <summary>What is to be undone once.</summary>
sealed class OnDispose(Action undo) : IDisposable
{
    Action? undo = undo;

    public void Dispose() => Interlocked.Exchange(ref undo, null)?.Invoke();
}
