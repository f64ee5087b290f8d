namespace Lowrank.Training.Tests;

/// <summary>Memory of a run does not grow: measured in the process, after glibc has given back what it keeps.</summary>
public sealed class MemoryTests : IDisposable
{
    readonly Trial trial = new();

    [Fact]
    public void Resident_memory_is_flat_from_the_fiftieth_step_on()
    {
        var resident = new List<long>();
        trial.Run(r => r with { Steps = 500, Dropout = 0.1 }, new Recorder(step =>
        {
            ProcessMemory.Trim();
            resident.Add(ProcessMemory.Read().Resident);
        }));
        long early = resident[49..100].Max(), late = resident[399..500].Max();
        Assert.InRange((double)late / early, 0, 1.01);
    }

    public void Dispose() => trial.Dispose();
}
