namespace Lowrank.Adapters;

/// <summary>
/// A block in which some reparameterizations are left out. Each counts the blocks it lies in, so that they may end in any order.
/// </summary>
sealed class PausedAdapters : IDisposable
{
    readonly List<AdaptedLayer.Entry> entries;

    public PausedAdapters(IEnumerable<AdaptedLayer.Entry> entries)
    {
        this.entries = [.. entries];
        foreach (var entry in this.entries) entry.RefuseMerged("leaving it out");
        foreach (var entry in this.entries) entry.Pauses++;
    }

    public void Dispose()
    {
        foreach (var entry in entries) entry.Pauses--;
        entries.Clear();   // a block ends once
    }
}
