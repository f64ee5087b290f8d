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
    public void ADowncastTableGivesTheSigmasOfAutomatic1111()
    {
        // Of a run of its version 1.10.1 with "Downcast alphas_cumprod", four uniform steps.
        double[] sigmas = [14.609041213989258, 2.919140100479126, 0.9321025013923645, 0.031277891248464584];
        var noise = NoiseSchedule.From(new SchedulerConfig(), doubles: true).Downcast();
        Assert.All(sigmas.Zip(Schedules.Named("uniform").Plan(noise, 4).Sigmas), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * pair.First));
    }

    [Fact]
    public void AStretchedTableIsTheOneOfRescaledBetasButForItsEnd()
    {
        var (table, betas) = (NoiseSchedule.From(new SchedulerConfig(), doubles: true).ZeroTerminal(), NoiseSchedule.From(new SchedulerConfig { RescaleBetasZeroSnr = true }, doubles: true));
        Assert.All(Enumerable.Range(0, 999), t => Assert.Equal(betas.AlphaBar(t), table.AlphaBar(t), 1e-6));
        Assert.Equal(NoiseSchedule.WebUiFloor, table.AlphaBar(999), 1e-12);
        Assert.Equal(4518.76, table.Sigmas()[999], 1e-1);
        using var first = table.Betas()[0];
        Assert.Equal(0.00085, first.item<float>(), 1e-6);
    }

    [Fact]
    public void AStoredTableIsTakenWhereItIsAnotherAndWhereItIsAskedFor()
    {
        var own = NoiseSchedule.From(new SchedulerConfig(), doubles: true);
        double[] rounded = [.. Enumerable.Range(0, 1000).Select(t => (double)(Half)own.AlphaBar(t))];
        double[] other = [.. Enumerable.Range(0, 1000).Select(t => 0.999 - t * 0.00099)];
        var (same, changed) = (new SchedulerConfig { StoredAlphas = rounded }, new SchedulerConfig { StoredAlphas = other });
        Assert.Equal(own.AlphaBar(500), NoiseSchedule.From(same, doubles: true).AlphaBar(500));
        Assert.Equal((float)rounded[500], NoiseSchedule.Stored(same).AlphaBar(500));
        Assert.Equal((float)other[500], NoiseSchedule.From(changed).AlphaBar(500));
        Assert.Equal(own.AlphaBar(500), NoiseSchedule.Stored(new SchedulerConfig()).AlphaBar(500));
        Assert.Equal(own.AlphaBar(500), NoiseSchedule.Stored(new SchedulerConfig { StoredAlphas = [0.9, 0.5] }).AlphaBar(500));
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
