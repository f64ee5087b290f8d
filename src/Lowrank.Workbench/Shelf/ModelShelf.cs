namespace Lowrank.Workbench;

/// <summary>
/// Holds loaded models between jobs: a job finds the model that an earlier one loaded, has it for itself, and gives it back.
/// Beyond a number of models, the one that was not used for longest is disposed.
/// </summary>
public sealed class ModelShelf : IDisposable
{
    readonly int limit;
    readonly Lock gate = new();
    readonly Dictionary<ShelfPlace, ShelfSlot> slots = [];
    long uses;
    bool isDisposed;

    /// <summary>An empty shelf.</summary>
    /// <param name="limit">Most models that are held, 1 or more. While more jobs have models of their own, there are more.</param>
    public ModelShelf(int limit = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        this.limit = limit;
    }

    /// <summary>Number of models that are loaded.</summary>
    public int Count
    {
        get
        {
            lock (gate) return slots.Values.Count(slot => slot.Model is not null);
        }
    }

    /// <summary>Takes a model, loaded or not, for one job. Where another job has it, that is waited for.</summary>
    /// <param name="place">Which model, and how it is loaded.</param>
    /// <param name="run">The job; a stage "waiting for the model" is told where it waits.</param>
    /// <exception cref="LowrankException">The model cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">The job is to stop.</exception>
    public TakenModel Take(ShelfPlace place, JobRun run)
    {
        var slot = Enter(place);
        try
        {
            slot.TakeTurn(run);
        }
        catch
        {
            Leave(place, slot);
            throw;
        }
        try
        {
            if (slot.IsStale(place)) slot.Clear();
            if (slot.Model is null) DisposeIdle(limit - 1);
            return new TakenModel(slot.Model ?? slot.Load(place), () => GiveBack(place, slot));
        }
        catch
        {
            GiveBack(place, slot);
            throw;
        }
    }

    ShelfSlot Enter(ShelfPlace place)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            if (!slots.TryGetValue(place, out var slot)) slots[place] = slot = new();
            slot.Takers++;
            return slot;
        }
    }

    void GiveBack(ShelfPlace place, ShelfSlot slot)
    {
        lock (gate) slot.LastUsed = ++uses;
        slot.EndTurn();
        Leave(place, slot);
    }

    void Leave(ShelfPlace place, ShelfSlot slot)
    {
        lock (gate)
        {
            slot.Takers--;
            bool isEmpty = slot is { Takers: 0, Model: null };
            if (isEmpty) slots.Remove(place);
            DisposeIdle(isDisposed ? 0 : limit);
        }
    }

    // Makes room, oldest first, until no more than so many are left or all that are left are in use.
    void DisposeIdle(int most)
    {
        lock (gate)
        {
            var loaded = slots.Where(pair => pair.Value.Model is not null).ToList();
            var idle = loaded.Where(pair => pair.Value.Takers == 0).OrderBy(pair => pair.Value.LastUsed);
            foreach (var (place, slot) in idle.Take(Math.Max(0, loaded.Count - most)))
            {
                slot.Clear();
                slots.Remove(place);
            }
        }
    }

    /// <summary>Disposes all models; one that a job still has, when it gives it back.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            DisposeIdle(0);
        }
    }
}
