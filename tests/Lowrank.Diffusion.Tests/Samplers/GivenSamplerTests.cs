using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>Samplers that a user brings, and what they may give back.</summary>
public sealed class GivenSamplerTests
{
    sealed class Brought(Func<Tensor, int, SamplerContext, Tensor?> step) : Sampler
    {
        protected override Tensor Step(Tensor x, int i, SamplerContext context) => step(x, i, context)!;
    }

    static Denoiser Smooth => new((x, level) => (0.8 * x + 0.3 * level.Timestep / 1000).tanh(), PredictionType.Epsilon);

    static Tensor Run(Func<Tensor, int, SamplerContext, Tensor?> step, Tensor start)
    {
        var plan = Schedules.Named("karras").Plan(NoiseSchedule.From(new SchedulerConfig { SetAlphaToOne = true }), 4);
        using var draws = new GeneratorNoise([3], 1, [2, 4, 4], CPU);
        return new Brought(step).Run(Smooth, plan, start, draws, cancel: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void ASampleThatIsGivenBackAsItIsIsNotFreed() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var start = ones(1, 2, 4, 4);
        using var end = Run((x, _, _) => x, start);
        Assert.True(end.equal(start).all().item<bool>());
        using var half = Run((x, i, _) => i % 2 == 0 ? x : x / 2, start);
        Assert.Equal(0.25f, half[0, 0, 0, 0].item<float>());
        Assert.Equal(1f, start[0, 0, 0, 0].item<float>());
    });

    [Fact]
    public void ASampleThatIsKeptForLaterStepsIsNotFreedWithItsStep() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var start = ones(1, 2, 4, 4);
        using var end = Run((x, i, context) =>
        {
            var next = x / 2;
            if (i == 0) context.Keep(next, 1);
            return i == 0 ? next : context.History[0] + i;
        }, start);
        Assert.Equal(3.5f, end[0, 0, 0, 0].item<float>());
    });

    [Theory]
    [InlineData("none", "step 1 of Brought gave no sample")]
    [InlineData("freed", "step 1 of Brought gave a sample that was freed")]
    [InlineData("another shape", "made a sample of shape (1, 2, 4) out of one of (1, 2, 4, 4)")]
    public void WhatIsNoSampleIsToldWithTheSampler(string what, string said) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var start = ones(1, 2, 4, 4);
        var error = Assert.ThrowsAny<LowrankException>(() => Run((x, _, _) => Given(x), start));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);

        Tensor? Given(Tensor x)
        {
            var next = x * 1;
            if (what == "none") return null;
            if (what == "freed") next.Dispose();
            return what == "freed" ? next : next.sum(3);
        }
    });
}
