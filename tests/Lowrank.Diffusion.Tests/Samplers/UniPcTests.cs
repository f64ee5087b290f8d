using Lowrank.Models;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>UniPC in the ways of its three programs.</summary>
public sealed class UniPcTests
{
    static readonly NoiseSchedule noise = NoiseSchedule.From(new SchedulerConfig(), doubles: true);

    static Tensor Run(Sampler sampler, SamplingPlan plan, List<double>? asked = null)
    {
        var denoiser = new Denoiser((x, level) =>
        {
            asked?.Add(level.Timestep);
            return (0.8 * x + 0.3 * level.Timestep / 1000).tanh();
        }, PredictionType.Epsilon);
        using var draws = new GeneratorNoise([1], 1, [2, 4, 4], CPU);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(sampler.Run(denoiser, plan, draws.First() * plan.StartScale, draws, cancel: TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(UniPcVariant.Bh1, 3), InlineData(UniPcVariant.Bh2, 3), InlineData(UniPcVariant.VaryCoeff, 3), InlineData(UniPcVariant.Bh2, 1)]
    public void WhereAStepIsCorrectedMakesNoDifferenceAtTheEnd(UniPcVariant variant, int order)
    {
        using var scope = NewDisposeScope();
        var plan = Schedules.Named("unipc_time_uniform").Plan(noise, 8);
        List<double> within = [], after = [];
        var first = Run(new UniPcSampler(order, variant) { CorrectsWithinSteps = true }, plan, within);
        var second = Run(new UniPcSampler(order, variant), plan, after);
        Assert.True(first.allclose(second, rtol: 1e-5, atol: 1e-5));
        Assert.Equal(within, after);
        Assert.Equal(8, within.Count);
    }

    [Theory]
    [InlineData(UniPcVariant.Bh1), InlineData(UniPcVariant.Bh2), InlineData(UniPcVariant.VaryCoeff)]
    public void MoreStepsComeNearerToTheLimit(UniPcVariant variant)
    {
        using var scope = NewDisposeScope();
        var limit = Run(new UniPcSampler(2, variant), Schedules.Named("unipc_logsnr").Plan(noise, 500));
        float[] misses = [.. new[] { 10, 20, 40, 80 }.Select(steps =>
            (Run(new UniPcSampler(2, variant), Schedules.Named("unipc_logsnr").Plan(noise, steps)) - limit).abs().max().item<float>())];
        // The corrector of varying coefficients passes the limit on its way.
        if (variant == UniPcVariant.VaryCoeff) Assert.InRange(misses[^1], 0, misses[0] / 4);
        else Assert.All(misses.Zip(misses.Skip(1)), pair => Assert.True(pair.Second < pair.First, string.Join(" ", misses)));
    }

    [Fact]
    public void ComfyUiEndsAboveZero()
    {
        using var scope = NewDisposeScope();
        var plan = Schedules.Named("normal").Plan(noise, 6);
        var sampler = ComfySamplers.Create("uni_pc");
        List<double> asked = [];
        var got = Run(sampler, plan, asked);
        Assert.Equal(6, asked.Count);
        Assert.True(got.allclose(Run(new UniPcSampler(3), plan), rtol: 0, atol: 0.02));
        Assert.False(got.equal(Run(new UniPcSampler(3), plan)).all().item<bool>());
    }

    [Fact]
    public void TheTwoOfComfyUiAreTwo()
    {
        using var scope = NewDisposeScope();
        var plan = Schedules.Named("karras").Plan(noise, 6);
        Assert.False(Run(ComfySamplers.Create("uni_pc"), plan).allclose(Run(ComfySamplers.Create("uni_pc_bh2"), plan)));
    }

    [Fact]
    public void ImageToImageSpreadsItsStepsBelowTheHighestTimestep()
    {
        var schedule = (UniPcSchedule)Schedules.Named("unipc_time_uniform");
        var plan = schedule.Below(noise, [1, 201, 401]);
        Assert.Equal([401, 267.33, 133.67], plan.Steps.Select(step => Math.Round(step.From.Timestep, 2)));
        Assert.Equal(0, plan.Steps[^1].To.Timestep, 1e-9);
    }

    [Fact]
    public void AStepMoreIsTakenWhereTheLevelsAreNoMultiple() => Assert.Equal(8, Schedules.Named("unipc_time_uniform").Plan(noise, 7).Steps.Count);
}
