namespace Lowrank.Torch;

/// <summary>A wish to stop that is heeded between a model's layers: of a large picture one call of a network takes minutes.</summary>
public static class StopSign
{
    static readonly AsyncLocal<CancellationToken> watched = new();

    /// <summary>Has layers look for the wish, in what the caller does until the result is disposed of.</summary>
    /// <param name="cancel">Says whether to stop; the next layer then throws an <see cref="OperationCanceledException"/>.</param>
    public static IDisposable Watch(CancellationToken cancel)
    {
        var before = watched.Value;
        watched.Value = cancel;
        return new Watching(before);
    }

    /// <summary>Stops if that is wished.</summary>
    /// <exception cref="OperationCanceledException">It is.</exception>
    internal static void Heed() => watched.Value.ThrowIfCancellationRequested();

    sealed class Watching(CancellationToken before) : IDisposable
    {
        public void Dispose() => watched.Value = before;
    }
}
