using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lowrank.Cli;

/// <summary>Looks at the machine and measures it.</summary>
static class Diagnosis
{
    static readonly string[] bfloat16Flags = ["avx512_bf16", "amx_bf16", "bf16"];

    /// <summary>Under three seconds on a processor of this decade.</summary>
    public static DoctorReport Make()
    {
        var processor = Processor.Current;
        var (total, free) = Memory();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        int threads = get_num_threads();
        SpeedReading[] speed = [Linear(), Convolution()];
        var report = new DoctorReport(
            Versions.Lowrank, Environment.Version.ToString(), Versions.TorchSharp, Versions.LibTorch,
            $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}", processor.Name,
            [.. bfloat16Flags.Where(processor.Flags.Contains)], Environment.ProcessorCount, threads, total, free, cuda.is_available(), CureInPlace(),
            PrecisionNames.Of(Precision.FasterOn(processor)), speed, []);
        return report with { Advice = Advice(report) };
    }

    /// <summary>What the figures call for.</summary>
    public static IReadOnlyList<string> Advice(DoctorReport report)
    {
        var advice = new List<string>();
        double gain = report.Speed.Average(s => s.Bf16 / s.F32);
        if (report.Bf16Flags.Count == 0)
            advice.Add("A processor with avx512_bf16 or amx_bf16 (AMD Zen 4, Intel Sapphire Rapids, and later) trains about twice as fast, in bf16.");
        else if (gain < 1)
            advice.Add($"bf16 is {gain:0.0} times as fast as f32 here although the processor multiplies it: try --precision f32, and compare.");
        if (report.Bf16Flags.Count == 0 && gain > 1.2)
            advice.Add($"bf16 is {gain:0.0} times as fast as f32 here, although the processor's flags do not say so: try --precision bf16.");
        if (report.Threads < report.Cores / 2)
            advice.Add($"libtorch uses {report.Threads} of {report.Cores} logical processors: OMP_NUM_THREADS={report.Cores / 2} or more may be faster.");
        if (report.MemoryFree < 2L << 30)
            advice.Add($"Only {report.MemoryFree / 1e9:0.0} GB of memory are free: close other programs, or train with gradient checkpointing and batch 1.");
        if (!report.Cuda)
            advice.Add("An NVIDIA GPU is many times faster for large models: dotnet build -p:TorchPackage=libtorch-cuda-12.8 swaps the engine.");
        return advice;
    }

    static bool CureInPlace() =>
        typeof(Tensor).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true };

    // The collector's own view counts a container's limit, on every system; it is taken at a collection.
    static (long Total, long Free) Memory()
    {
        GC.Collect();
        var info = GC.GetGCMemoryInfo();
        return (info.TotalAvailableMemoryBytes, Math.Max(0, info.TotalAvailableMemoryBytes - info.MemoryLoadBytes));
    }

    static SpeedReading Linear()
    {
        const int rows = 1024, from = 768, to = 3072;
        double Measure(ScalarType dtype)
        {
            var (x, weight) = (randn(rows, from).to(dtype), randn(to, from).to(dtype));
            return Gigaflops(2.0 * rows * from * to, () => functional.linear(x, weight));
        }
        return new($"linear {from} to {to}, {rows} rows", Measure(ScalarType.Float32), Measure(ScalarType.BFloat16));
    }

    static SpeedReading Convolution()
    {
        const int batch = 4, channels = 128, side = 32;
        double Measure(ScalarType dtype)
        {
            var (x, weight) = (randn(batch, channels, side, side).to(dtype), randn(channels, channels, 3, 3).to(dtype));
            return Gigaflops(2.0 * batch * side * side * channels * channels * 9, () => functional.conv2d(x, weight, padding: [1, 1]));
        }
        return new($"convolution 3x3, {channels} channels, {side}x{side}, batch {batch}", Measure(ScalarType.Float32), Measure(ScalarType.BFloat16));
    }

    // The best of what fits into a third of a second: others' work on the machine only ever makes it slower.
    static double Gigaflops(double operations, Func<Tensor> run)
    {
        run().Dispose();
        var best = TimeSpan.MaxValue;
        long start = Stopwatch.GetTimestamp();
        do
        {
            long before = Stopwatch.GetTimestamp();
            run().Dispose();
            var took = Stopwatch.GetElapsedTime(before);
            if (took < best) best = took;
        }
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(0.33));
        return Math.Round(operations / best.TotalSeconds / 1e9, 1);
    }
}
