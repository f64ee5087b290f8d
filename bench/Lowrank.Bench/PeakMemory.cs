using System.Globalization;

namespace Lowrank.Bench;

/// <summary>What a process of its own tells of a work that it did.</summary>
/// <param name="Peak">Resident pages at their most, in MB of 2^20 bytes.</param>
/// <param name="Added">What the work added to the process at rest, in MB.</param>
/// <param name="Seconds">How long the work took.</param>
sealed record PeakMemory(double Peak, double Added, double Seconds)
{
    const double Mega = 1 << 20;

    // The second step is the first with an optimizer's state.
    const int Steps = 2;

    /// <summary>The child's side: runs a work, which is given at rest, and prints the figures.</summary>
    public static void Report(Action work)
    {
        long rest = ProcessMemory.Read().Resident;
        double seconds = BenchClock.Seconds(work);
        long peak = ProcessMemory.Read().PeakResident;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{peak / Mega} {(peak - rest) / Mega} {seconds}"));
    }

    /// <summary>The child's side for training steps.</summary>
    public static void OfSteps(string name, ScalarType dtype, string way)
    {
        using var scope = NewDisposeScope();
        using var model = BenchModel.Create(name, dtype);
        using var made = BenchMethod.All.FirstOrDefault(m => m.Name == way) is { } method ? new Way(model, method) : new Way(model, way);
        ProcessMemory.Trim();
        Report(() =>
        {
            for (int step = 0; step < Steps; step++) made.Step();
        });
    }

    /// <summary>Measures in a process of its own.</summary>
    /// <param name="arguments">What that is to do; one of <see cref="Modes.IsChild"/>.</param>
    public static PeakMemory Measure(params IReadOnlyList<string> arguments)
    {
        var (code, printed) = Child.Run(arguments);
        if (code != 0) throw new LowrankException($"the measuring process for {string.Join(" ", arguments)} ended with {code}: {printed}");
        double[] numbers = [.. printed.Trim().Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        return new(numbers[0], numbers[1], numbers[2]);
    }

    public static PeakMemory OfStepsOf(string model, ScalarType dtype, string way) =>
        Measure("memory-of", model, Dtypes.Name(dtype), way);
}
