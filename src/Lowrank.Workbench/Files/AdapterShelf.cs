namespace Lowrank.Workbench;

/// <summary>
/// Keeps adapters that were read for a model until they are attached again: a file is read anew only where it has changed. Each is in one
/// place at a time, so that a file that is attached twice at once is read twice.
/// </summary>
/// <param name="limit">Most that are kept while nobody has them; beyond it the one that was not used for longest goes.</param>
public sealed class AdapterShelf(int limit = AdapterShelf.UsualLimit) : IDisposable
{
    /// <summary>Adapters that are kept if nobody says.</summary>
    public const int UsualLimit = 16;

    readonly Lock gate = new();
    // The one that was not used for longest first.
    readonly List<ReadAdapter> idle = [];
    bool isDisposed;

    /// <summary>Adapters that are kept and that nobody has.</summary>
    public int Count
    {
        get
        {
            lock (gate) return idle.Count;
        }
    }

    /// <summary>Takes one that is kept as it would be read now; null where there is none.</summary>
    internal ReadAdapter? TryTake(StableDiffusion model, string path, int? rank, bool allowUnmatched)
    {
        string stamp = FileStamp.Of(path);
        lock (gate)
        {
            int at = idle.FindLastIndex(IsMeant);
            if (at < 0) return null;
            var kept = idle[at];
            idle.RemoveAt(at);
            return kept;
        }

        // What was read without leave to pass anything over is the same with it.
        bool IsMeant(ReadAdapter one) => ReferenceEquals(one.Model, model) && (one.Path, one.Stamp, one.Rank) == (path, stamp, rank)
            && (allowUnmatched || !one.AllowsUnmatched);
    }

    /// <summary>Keeps one for the next.</summary>
    internal void GiveBack(ReadAdapter read)
    {
        lock (gate)
        {
            if (!idle.Contains(read)) idle.Add(read);
            DisposeDownTo(isDisposed ? 0 : limit);
        }
    }

    void DisposeDownTo(int most)
    {
        while (idle.Count > most)
        {
            idle[0].Free();
            idle.RemoveAt(0);
        }
    }

    /// <summary>Frees those that nobody has; one that is attached, when it is given back.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            DisposeDownTo(0);
        }
    }
}
