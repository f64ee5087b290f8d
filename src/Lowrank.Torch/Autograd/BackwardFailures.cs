namespace Lowrank.Torch;

/// <summary>The failure, if there is one, of the graphs that one thread recorded or ran backward.</summary>
sealed class BackwardFailures
{
    readonly Lock changing = new();
    BackwardFailure? pending;

    /// <summary>Keeps the first failure until it is taken; those that follow from it are dropped.</summary>
    public void Keep(BackwardFailure failure)
    {
        lock (changing)
            if (pending is null || pending.IsTaken) pending = failure;
    }

    /// <summary>The failure that nobody has taken yet, or null.</summary>
    public Exception? Take()
    {
        lock (changing)
        {
            var failure = pending;
            pending = null;
            return failure is not null && failure.TryTake() ? failure.Error : null;
        }
    }
}
