namespace Lowrank.Workbench.Tests;

public class DiagnosisTests
{
    static readonly DoctorReport report = new("0.1.0", "10.0.1", "0.107.0", "libtorch-cpu-linux-x64 2.10.0", "Linux X64", "Processor", ["avx512_bf16"],
        Cores: 8, Threads: 8, MemoryTotal: 16L << 30, MemoryFree: 8L << 30, Cuda: true, Device: "cuda:0", DeviceReason: "libtorch sees an NVIDIA GPU",
        CureInPlace: true, DefaultPrecision: "bf16", Speed: [new("linear", 70, 180)], Advice: []);

    [Fact]
    public void AGoodMachineGetsNoAdvice() => Assert.Empty(Diagnosis.Advice(report));

    [Fact]
    public void SlowBf16FewThreadsAndLittleMemoryAreNamed()
    {
        Assert.Contains("`precision` f32", Only(report with { Speed = [new("linear", 70, 35)] }));
        Assert.Contains("avx512_bf16", Only(report with { Bf16Flags = [], Speed = [new("linear", 70, 35)] }));
        Assert.Contains("OMP_NUM_THREADS=4", Only(report with { Threads = 1 }));
        Assert.Contains("1.0 GB", Only(report with { MemoryFree = 1_000_000_000 }));
    }

    [Fact]
    public void WithoutAGpuTheBuildForOneIsNamedOrItsDriver()
    {
        Assert.Contains("LOWRANK_TORCH=cuda", Only(report with { Cuda = false }));
        Assert.Contains("nvidia-smi", Only(report with { Cuda = false, LibTorch = "libtorch-cuda-12.8-linux-x64 2.10.0" }));
    }

    [Fact]
    public void AMacIsNotAdvisedToTakeAnNvidiaGpu() =>
        Assert.Empty(Diagnosis.Advice(report with { Cuda = false, LibTorch = "libtorch-cpu-osx-arm64 2.10.0" }));

    [Fact]
    public void VersionsOfLibtorchAreThoseOfTheProgramThatRuns() => Assert.StartsWith("libtorch-", Versions.LibTorch);

    static string Only(DoctorReport report) => Assert.Single(Diagnosis.Advice(report));
}
