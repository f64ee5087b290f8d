namespace Lowrank.Workbench;

/// <summary>A place on the shelf: at most one model, and one job at a time with it.</summary>
sealed class ShelfSlot
{
    readonly SemaphoreSlim turn = new(1);
    string? stamp;

    /// <summary>The model, once it is loaded.</summary>
    public BaseModel? Model { get; private set; }

    /// <summary>Jobs that use it or wait for it.</summary>
    public int Takers { get; set; }

    /// <summary>When it was given back: larger is later.</summary>
    public long LastUsed { get; set; }

    /// <summary>Waits for the job before, and tells where it must.</summary>
    /// <exception cref="OperationCanceledException">The job that waits is to stop.</exception>
    public void TakeTurn(JobRun run)
    {
        run.Cancel.ThrowIfCancellationRequested();
        if (turn.Wait(0)) return;
        var waiting = run.Begin("waiting for the model");
        turn.Wait(run.Cancel);
        waiting.Done();
    }

    /// <summary>Lets the next job in.</summary>
    public void EndTurn() => turn.Release();

    /// <summary>Whether its model was loaded from files that are no longer as they were.</summary>
    public bool IsStale(ShelfPlace place) => Model is not null && stamp != place.Stamp();

    /// <summary>Loads the model.</summary>
    public BaseModel Load(ShelfPlace place)
    {
        stamp = place.Stamp();
        return Model = place.Load();
    }

    /// <summary>Disposes the model.</summary>
    public void Clear()
    {
        Model?.Dispose();
        Model = null;
    }
}
