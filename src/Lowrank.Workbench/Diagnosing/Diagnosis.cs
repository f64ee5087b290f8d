using System.Globalization;
using System.Runtime.InteropServices;

namespace Lowrank.Workbench;

/// <summary>Looks at the machine and measures it.</summary>
public static class Diagnosis
{
    static readonly string[] bfloat16Flags = ["avx512_bf16", "amx_bf16", "bf16"];

    /// <summary>The report of this machine; under three seconds on a processor of this decade.</summary>
    public static DoctorReport Make()
    {
        var processor = Torch.Processor.Current;
        var (total, free) = MachineMemory.Read();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        int threads = get_num_threads();
        var (device, reason) = Devices.Automatic;
        var speed = new Speedometer(device);
        var report = new DoctorReport(
            Versions.Lowrank,
            Environment.Version.ToString(),
            Versions.TorchSharp,
            Versions.LibTorch,
            $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}",
            processor.Name,
            [.. bfloat16Flags.Where(processor.Flags.Contains)],
            Environment.ProcessorCount,
            threads,
            total,
            free,
            cuda.is_available(),
            device.ToString(),
            reason,
            EngineCure.IsInPlace,
            PrecisionNames.Of(Precision.FasterOn(processor)),
            [speed.Linear(), speed.Convolution()],
            []);
        return report with { Advice = Advice(report) };
    }

    /// <summary>What the figures call for.</summary>
    public static IReadOnlyList<string> Advice(DoctorReport report) =>
        [.. AdviceOnPrecision(report), .. AdviceOnThreads(report), .. AdviceOnMemory(report), .. AdviceOnDevice(report)];

    static IEnumerable<string> AdviceOnPrecision(DoctorReport report)
    {
        bool multipliesBf16 = report.Bf16Flags.Count > 0;
        double gain = report.Speed.Average(s => s.Bf16 / s.F32);
        string told = gain.ToString("0.0", CultureInfo.InvariantCulture);
        if (!multipliesBf16)
            yield return "A processor with avx512_bf16 or amx_bf16 (AMD Zen 4, Intel Sapphire Rapids, and later) " +
                "trains about twice as fast, in bf16.";
        else if (gain < 1)
            yield return $"bf16 is {told} times as fast as f32 here although the processor multiplies it: " +
                "try `precision` f32, and compare.";
        if (!multipliesBf16 && gain > 1.2)
            yield return $"bf16 is {told} times as fast as f32 here, although the processor's flags do not say so: " +
                "try `precision` bf16.";
    }

    static IEnumerable<string> AdviceOnThreads(DoctorReport report)
    {
        int half = report.Cores / 2;
        if (report.Threads < half)
            yield return $"libtorch uses {report.Threads} of {report.Cores} logical processors: " +
                $"OMP_NUM_THREADS={half} or more may be faster.";
    }

    static IEnumerable<string> AdviceOnMemory(DoctorReport report)
    {
        if (report.MemoryFree >= 2L << 30) yield break;
        string free = (report.MemoryFree / 1e9).ToString("0.0", CultureInfo.InvariantCulture);
        yield return $"Only {free} GB of memory are free: " +
            "close other programs, or train with gradient checkpointing and batch 1.";
    }

    static IEnumerable<string> AdviceOnDevice(DoctorReport report)
    {
        bool isMac = report.LibTorch.Contains("-osx-", StringComparison.Ordinal);   // there is no CUDA for it
        if (report.Cuda || isMac) yield break;
        const string gain = "An NVIDIA GPU is many times faster for large models";
        bool isCudaBuild = report.LibTorch.Contains("cuda", StringComparison.Ordinal);
        yield return isCudaBuild
            ? $"{gain}, and {report.LibTorch} sees none here: does nvidia-smi list one?"
            : $"{gain}: start with LOWRANK_TORCH=cuda in the environment to build with CUDA's libtorch.";
    }
}
