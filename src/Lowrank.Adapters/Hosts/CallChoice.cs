namespace Lowrank.Adapters;

/// <summary>
/// What a block says of the adapters in the calls that are made within it: it flows with them, over tasks and awaits too.
/// </summary>
abstract class CallChoice : IDisposable
{
    static readonly AsyncLocal<IReadOnlyList<CallChoice>?> current = new();

    /// <summary>What it is called, for errors.</summary>
    public abstract string Name { get; }

    /// <summary>Whether any block is open around this call.</summary>
    public static bool IsMade => current.Value is { Count: > 0 };

    /// <summary>The open blocks, the outermost first.</summary>
    protected static IReadOnlyList<CallChoice> All => current.Value ?? [];

    /// <summary>Opens the block from here on.</summary>
    protected void Open() => current.Value = [.. All, this];

    /// <inheritdoc/>
    public virtual void Dispose() => current.Value = [.. All.Where(choice => choice != this)];

    /// <summary>Whether it says anything of a layer.</summary>
    public abstract bool Concerns(AdaptedLayer host);

    /// <summary>The rows of a layer's batch in this call; null where all rows have the same.</summary>
    public static RowPlan? RowsOf(AdaptedLayer host)
    {
        if (!IsMade) return null;
        foreach (var choice in All.Reverse())
            if (choice is RowPlans rows && rows.Concerns(host)) return rows.At(host);
            else if (choice is ChosenAdapters chosen && chosen.Concerns(host)) return null;
        return null;
    }

    /// <summary>Whether rows of a layer's batch have adapters of their own here.</summary>
    public static bool InRows(AdaptedLayer host) => All.Any(choice => choice is RowPlans && choice.Concerns(host));

    /// <summary>The block that keeps a layer from being merged; null where none is open.</summary>
    public static string? BlockOver(AdaptedLayer host) => All.LastOrDefault(choice => choice.Concerns(host))?.Name;

    /// <summary>Whether a block leaves a reparameterization out of this call.</summary>
    /// <remarks>Of blocks in one another the innermost counts: rows have their adapters within a block that leaves those out.</remarks>
    public static bool LeavesOut(AdaptedLayer.Entry entry)
    {
        foreach (var choice in All.Reverse())
            if (choice is PausedAdapters paused && paused.Holds(entry)) return true;
            else if (choice is RowPlans && choice.Concerns(entry.Host)) return false;
        return false;
    }

    /// <summary>What works on a layer in this call.</summary>
    public static IReadOnlyList<(Reparameterization Reparameterization, double Strength)> Working(AdaptedLayer host, LayerState seen)
    {
        IEnumerable<Placed> placed = seen.Entries.Where(one => one.Works);
        foreach (var choice in All) placed = choice.Of(host, seen, placed);
        List<Placed> works = [.. placed];
        var merged = seen.Entries.Where(one => one.IsMerged && one.Works).ToList();
        if (merged.Count > 0 && !merged.TrueForAll(works.Contains))
            throw new LowrankException($"{seen.Place} was merged with its adapters since the block of {All[^1].Name} was opened, so that " +
                "they cannot be left out; unmerge the model first");
        return [.. works.Where(one => !one.IsMerged).Select(one => (one.Entry.Reparameterization, one.Strength))];
    }

    /// <summary>Whether an adapter's virtual tokens stand before the rows of this call.</summary>
    public static bool Works(Attachment attachment)
    {
        bool works = attachment is { Active: true, Strength: not 0 };
        foreach (var choice in All) works = choice.Gives(attachment, works);
        return works;
    }

    /// <summary>Whether they do within the block, where they do or do not without it.</summary>
    protected virtual bool Gives(Attachment attachment, bool works) => works;

    /// <summary>What the block makes of a layer's adapters that would work without it.</summary>
    protected abstract IEnumerable<Placed> Of(AdaptedLayer host, LayerState seen, IEnumerable<Placed> placed);
}
