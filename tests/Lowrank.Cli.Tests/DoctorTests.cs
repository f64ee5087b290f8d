using System.Text.Json;

namespace Lowrank.Cli.Tests;

public class DoctorTests
{
    static readonly DoctorReport report = new("0.1.0", "10.0.1", "0.107.0", "libtorch-cpu-linux-x64 2.10.0", "Linux X64", "Processor", ["avx512_bf16"],
        Cores: 8, Threads: 8, MemoryTotal: 16L << 30, MemoryFree: 8L << 30, Cuda: true, CureInPlace: true, DefaultPrecision: "bf16",
        Speed: [new("linear", 70, 180)], Advice: []);

    [Fact]
    public void A_good_machine_gets_no_advice() => Assert.Empty(Diagnosis.Advice(report));

    [Fact]
    public void Slow_bf16_few_threads_and_little_memory_are_named()
    {
        Assert.Contains("--precision f32", Assert.Single(Diagnosis.Advice(report with { Speed = [new("linear", 70, 35)] })));
        Assert.Contains("avx512_bf16", Assert.Single(Diagnosis.Advice(report with { Bf16Flags = [], Speed = [new("linear", 70, 35)] })));
        Assert.Contains("OMP_NUM_THREADS=4", Assert.Single(Diagnosis.Advice(report with { Threads = 1 })));
        Assert.Contains("1.0 GB", Assert.Single(Diagnosis.Advice(report with { MemoryFree = 1_000_000_000 })));
        Assert.Contains("libtorch-cuda", Assert.Single(Diagnosis.Advice(report with { Cuda = false })));
    }

    [Fact]
    public void It_runs_measures_and_finds_the_cure_in_place()
    {
        var result = Cli.Run("doctor", "--json").Ended(0);
        var json = JsonDocument.Parse(result.Out).RootElement;
        Assert.True(json.GetProperty("cure_in_place").GetBoolean());
        Assert.StartsWith("libtorch-", json.GetProperty("libtorch").GetString());
        Assert.All(json.GetProperty("speed").EnumerateArray(), speed => Assert.True(speed.GetProperty("f32").GetDouble() > 0 && speed.GetProperty("bf16").GetDouble() > 0));
        Assert.Contains(json.GetProperty("default_precision").GetString(), new[] { "bf16", "f32" });
        Assert.Empty(result.Error);
    }

    [Fact]
    public void Piped_it_writes_plain_text()
    {
        var result = Cli.Run("doctor").Ended(0);
        Assert.Contains("cured copy", result.Out);
        Assert.DoesNotContain('\e', result.Out);
        Assert.DoesNotContain('│', result.Out);
    }
}
