using Lowrank.Models;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

public sealed class LatentMixingTests
{
    static readonly long[] shape = [1, 4, 4, 4];

    public static IEnumerable<TheoryDataRow<string, string>> Kinds =>
        from sampler in new[] { "euler", "heun", "dpm++2m", "lms" }
        from kind in new[] { "put back", "clean", "shown", "noised" }
        select new TheoryDataRow<string, string>(sampler, kind);

    [Theory, MemberData(nameof(Kinds))]
    public void WhatIsNotMaskedIsTheOriginalAtTheEnd(string sampler, string kind) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var (original, noise, mask) = (randn(shape, device: CPU), randn(shape, device: CPU), zeros(shape, device: CPU));
        mask[0, 0] = 1;
        var plan = Schedules.Named("karras").Plan(NoiseSchedule.From(new SchedulerConfig()), 6).After(2);
        var denoiser = new Denoiser((x, _) => x * 0.3, PredictionType.Epsilon) { Mixing = Mixing(kind, original, noise, mask) };
        var start = PictureStart.Noised(original, noise, plan.PictureLevel);
        using var draws = new GeneratorNoise([1], 1, shape[1..], CPU);
        var solver = Samplers.Named(sampler).Create(SamplerOptions.Default);
        var end = solver.Run(denoiser, plan, start, draws, cancel: TestContext.Current.CancellationToken);
        Assert.True(((end - original) * (1 - mask)).abs().max().ToSingle() < 1e-5);
        Assert.True(((end - original) * mask).abs().max().ToSingle() > 1e-3);
    });

    [Fact]
    public void PlanWithoutItsFirstStepsBeginsWhereTheyEnd()
    {
        var noise = NoiseSchedule.From(new SchedulerConfig());
        var whole = Schedules.Named("karras").Plan(noise, 6);
        Assert.Equal(whole.Steps.Skip(4), whole.After(4).Steps);
        Assert.Same(whole, whole.After(0));
        Assert.Contains("too small", Assert.Throws<LowrankException>(() => whole.After(6)).Message);

        var repeating = Schedules.Named("pndm_timesteps").Plan(noise, 6);
        var rest = repeating.After(4);
        Assert.Equal(3, rest.Steps.Count);
        Assert.True(rest.RepeatsSecond);
        Assert.Equal(rest.Steps[0].From.Sigma, rest.Steps[1].From.Sigma);
        Assert.Equal(rest.Steps[2].From.Timestep, rest.Steps[1].From.Timestep);
        Assert.False(repeating.After(5).RepeatsSecond);
    }

    static LatentMixing Mixing(string kind, Tensor original, Tensor noise, Tensor mask) => kind switch
    {
        "put back" => new PutBackMixing(original, noise, mask),
        "clean" => new CleanMixing(original, mask),
        "shown" => new ShownMixing(original, mask),
        _ => new NoisedMixing(original, noise, mask),
    };
}
