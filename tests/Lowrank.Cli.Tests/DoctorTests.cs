using System.Text.Json;

namespace Lowrank.Cli.Tests;

public class DoctorTests
{
    [Fact]
    public void ItRunsMeasuresAndFindsTheCureInPlace()
    {
        var result = Cli.Run("doctor", "--json").Ended(0);
        var json = JsonDocument.Parse(result.Out).RootElement;
        Assert.True(json.GetProperty("cure_in_place").GetBoolean());
        Assert.StartsWith("libtorch-", json.GetProperty("libtorch").GetString());
        Assert.Equal("cpu", json.GetProperty("device").GetString());
        Assert.Contains("libtorch", json.GetProperty("device_reason").GetString());
        Assert.All(json.GetProperty("speed").EnumerateArray(), speed => Assert.True(speed.GetProperty("f32").GetDouble() > 0 && speed.GetProperty("bf16").GetDouble() > 0));
        Assert.Contains(json.GetProperty("default_precision").GetString(), new[] { "bf16", "f32" });
        Assert.Empty(result.Error);
    }

    [Fact]
    public void PipedItWritesPlainText()
    {
        var result = Cli.Run("doctor").Ended(0);
        Assert.Contains("cured copy", result.Out);
        Assert.DoesNotContain('\e', result.Out);
        Assert.DoesNotContain('│', result.Out);
    }
}
