namespace Lowrank.Torch;

/// <summary>What this machine, or the container that the process runs in, has of memory, in bytes.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Free">What is free or can be freed at once.</param>
public sealed record MachineMemory(long Total, long Free)
{
    /// <summary>A reading now; it makes the collector look.</summary>
    // The collector's own view counts a container's limit, on every system; it is taken at a collection.
    public static MachineMemory Read()
    {
        GC.Collect();
        var info = GC.GetGCMemoryInfo();
        return new(info.TotalAvailableMemoryBytes, Math.Max(0, info.TotalAvailableMemoryBytes - info.MemoryLoadBytes));
    }
}
