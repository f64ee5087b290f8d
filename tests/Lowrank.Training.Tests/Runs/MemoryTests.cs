namespace Lowrank.Training.Tests;

/// <summary>Memory of a run does not grow: measured in the process, after the collector has run and glibc has given back what it keeps.</summary>
public sealed class MemoryTests : IDisposable
{
    readonly Trial trial = new();

    [Fact]
    public void ResidentMemoryIsFlatFromTheFiftiethStepOn()
    {
        var resident = new List<(int Step, long Bytes)>();
        trial.Run(r => r.With((OptimizationSection s) => s with { Steps = 500 }).With((NetworkSection s) => s with { Dropout = 0.1 }), new Recorder(step =>
        {
            if (step.Step % 10 != 0) return;
            // How large the collector lets its heap grow depends on what else the process did.
            GC.Collect();
            ProcessMemory.Trim();
            resident.Add((step.Step, ProcessMemory.Read().Resident));
        }));
        long early = Largest(50, 100), late = Largest(400, 500);
        Assert.InRange((double)late / early, 0, 1.01);

        long Largest(int from, int to) => resident.Where(r => r.Step >= from && r.Step <= to).Max(r => r.Bytes);
    }

    public void Dispose() => trial.Dispose();
}
