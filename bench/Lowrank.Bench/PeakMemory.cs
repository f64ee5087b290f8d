using System.Diagnostics;
using System.Globalization;

namespace Lowrank.Bench;

/// <summary>
/// Peak memory of each way, in a process of its own: resident pages at their most, and what the steps add to the model at rest.
/// </summary>
static class PeakMemory
{
    const double Mega = 1 << 20;

    public static void Print(string name, ScalarType dtype)
    {
        (double Peak, double Added) Of(string way) => Measure("memory-of", name, StepTimes.Name(dtype).Trim(), way);
        var peaks = Way.All(dtype).Append("base forward").ToDictionary(way => way, Of);
        var ours = peaks[Way.Ours];
        foreach (var (way, (peak, added)) in peaks)
        {
            string measured = $"{peak,9:f0} MB   over the model at rest {added,7:f0} MB";
            string ratios = $"lowrank / this: {ours.Peak / peak:f2}, over rest {ours.Added / added:f2}";
            Console.WriteLine($"{name,-12} {StepTimes.Name(dtype)}  {way,-32} {measured}   {ratios}");
        }
    }

    /// <summary>The child's side: prints peak and rest.</summary>
    public static void Child(string name, ScalarType dtype, string way)
    {
        using var scope = NewDisposeScope();
        using var model = BenchModel.Create(name, dtype);
        using var made = way == "base forward" ? null : Made(model, way);
        ProcessMemory.Trim();
        long rest = ProcessMemory.Read().Resident;
        for (int step = 0; step < 3; step++)
        {
            if (made is not null) made.Step();
            else
            {
                using var call = NewDisposeScope();
                using var grad = no_grad();
                model.Call(model.Input);
            }
        }
        Report(rest);
    }

    static Way Made(BenchModel model, string way) =>
        BenchMethod.All.FirstOrDefault(m => m.Name == way) is { } method ? new Way(model, method) : new Way(model, way);

    public static void Report(long rest)
    {
        long peak = ProcessMemory.Read().PeakResident;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{peak / Mega} {(peak - rest) / Mega}"));
    }

    public static (double Peak, double Added) Measure(params string[] arguments)
    {
        // Started as a program of its own, or by dotnet, which is told the program.
        bool hosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet";
        string[] all = hosted ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments;
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, all) { RedirectStandardOutput = true })!;
        var text = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        if (child.ExitCode != 0) throw new LowrankException($"the measuring process for {string.Join(" ", arguments)} failed: {text}");
        var numbers = text.Trim().Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return (numbers[0], numbers[1]);
    }
}
