using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

public class DpmAdaptiveTests
{
    static readonly SamplingPlan plan = Schedules.Named("karras").Plan(NoiseSchedule.From(new SchedulerConfig()), 10);

    static Denoiser Smooth => new((x, level) => (0.8 * x + 0.3 * level.Timestep / 1000).tanh(), PredictionType.Epsilon);

    static Tensor Run(DpmAdaptiveOptions options, out int steps)
    {
        int taken = 0;
        using var noise = new GeneratorNoise([3], 1, [2, 4, 4], CPU);
        using var scope = NewDisposeScope();
        var end = new DpmAdaptiveSampler(options).Run(Smooth, plan, noise.Draw() * plan.StartScale, noise, (_, _) => taken++, TestContext.Current.CancellationToken);
        steps = taken;
        return scope.MoveToOuter(end);
    }

    [Fact]
    public void ALowerToleranceTakesMoreStepsAndComesNearer() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var limit = Run(Tolerating(1e-5), out int most);
        double coarse = (Run(Tolerating(0.05), out int few) - limit).abs().max().item<float>();
        double fine = (Run(Tolerating(1e-3), out int more) - limit).abs().max().item<float>();
        Assert.True(few < more && more < most, $"{few}, {more} and {most} steps");
        Assert.True(fine < 0.2 * coarse, $"{coarse:g3} and {fine:g3}");
    });

    [Fact]
    public void ItsSecondOrderLeadsToTheSameEnd()
    {
        using var scope = NewDisposeScope();
        Assert.True(Run(Tolerating(1e-4) with { Order = 2 }, out _).allclose(Run(Tolerating(1e-4), out _), 1e-2, 1e-2));
    }

    [Fact]
    public void OtherOrdersAndAnswersThatAreNoNumbersAreRefused()
    {
        Assert.Contains("2 or 3", Assert.Throws<LowrankException>(() => Run(new() { Order = 4 }, out _)).Message);
        var broken = new Denoiser((x, _) => x * double.NaN, PredictionType.Epsilon);
        using var scope = NewDisposeScope();
        using var noise = new GeneratorNoise([3], 1, [2, 4, 4], CPU);
        var error = Assert.Throws<LowrankException>(() => new DpmAdaptiveSampler().Run(broken, plan, noise.Draw(), noise, cancel: TestContext.Current.CancellationToken));
        Assert.Contains("not finite", error.Message);
    }

    static DpmAdaptiveOptions Tolerating(double tolerance) => new() { RelativeTolerance = tolerance, AbsoluteTolerance = tolerance / 10 };
}
