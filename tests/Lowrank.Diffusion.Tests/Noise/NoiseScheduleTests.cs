using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests.Noise;

public sealed class NoiseScheduleTests
{
    [Theory]
    [InlineData(0, 0.999150000, 0.029167)]
    [InlineData(1, 0.998296028, 0.041314)]
    [InlineData(500, 0.276332684, 1.618279)]
    [InlineData(999, 0.004660099, 14.614641)]
    public void StableDiffusionsLevelsAreThePublishedOnes(int timestep, double alphaBar, double sigma)
    {
        var noise = NoiseSchedule.From(new SchedulerConfig(), doubles: true);
        Assert.Equal(alphaBar, noise.AlphaBar(timestep), 1e-7);
        Assert.Equal(sigma, noise.Sigmas()[timestep], 1e-5);
    }

    [Fact]
    public void AZeroTerminalScheduleKeepsItsFirstLevelAndEndsInNoise()
    {
        var noise = NoiseSchedule.From(new SchedulerConfig { RescaleBetasZeroSnr = true });
        Assert.Equal(0.99915, noise.AlphaBar(0), 1e-6);
        Assert.Equal(0, noise.AlphaBar(999));
        Assert.Equal(4096, noise.Sigmas(NoiseSchedule.DiffusersFloor)[999], 1e-3);
        Assert.Equal(4518.76, noise.Sigmas()[999], 1e-1);
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("scaled_linear")]
    [InlineData("squaredcos_cap_v2")]
    public void EveryKindOfScheduleFallsFromSignalToNoise(string kind)
    {
        var noise = NoiseSchedule.From(new SchedulerConfig { BetaSchedule = kind });
        double[] levels = [.. Enumerable.Range(0, noise.Count).Select(noise.AlphaBar)];
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.First > pair.Second));
        Assert.InRange(levels[0], 0.99, 1);
    }

    [Fact]
    public void NoiseAndVelocityGiveTheSampleBack()
    {
        LeakGuard.NoTensorLeaks(() =>
        {
            using var scope = NewDisposeScope();
            var noise = NoiseSchedule.From(new SchedulerConfig());
            var (sample, draw, t) = (randn(3, 4, 5, 6), randn(3, 4, 5, 6), tensor(new long[] { 0, 400, 999 }));
            var (x, v) = (noise.AddNoise(sample, draw, t), noise.Velocity(sample, draw, t));
            var alpha = noise.AlphasCumprod.index_select(0, t).view(3, 1, 1, 1);
            Assert.True((alpha.sqrt() * x - (1 - alpha).sqrt() * v).allclose(sample, 1e-4, 1e-5));
        });
    }

    [Fact]
    public void ImpossibleSettingsAreAllNamed()
    {
        var error = Assert.Throws<LowrankException>(() => NoiseSchedule.From(new SchedulerConfig { BetaStart = -1, BetaSchedule = "cubic", TrainTimesteps = 0 }));
        Assert.Contains("num_train_timesteps", error.Message);
        Assert.Contains("cubic", error.Message);
        Assert.Contains("beta_start", error.Message);
    }
}
