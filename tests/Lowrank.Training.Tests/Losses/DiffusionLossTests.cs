namespace Lowrank.Training.Tests;

public sealed class DiffusionLossTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly NoiseSchedule schedule = NoiseSchedule.From(new SchedulerConfig());

    static double[] Values(Tensor x) => [.. x.to(ScalarType.Float64).data<double>()];

    Tensor Weights(PredictionType prediction, DiffusionLossOptions options, params long[] timesteps) =>
        DiffusionLoss.Weighted(ones(timesteps.Length), tensor(timesteps), schedule, prediction, options);

    [Fact]
    public void MinSnrWeighsAsPublished()
    {
        var options = new DiffusionLossOptions { MinSnrGamma = 5 };
        AssertClose([0.00425362, 0.0085344, 0.591443, 1, 1], Weights(PredictionType.Epsilon, options, 0, 1, 100, 250, 999));
        AssertClose([0.00425, 0.528883, 0.673793, 0.276333, 0.0046601], Weights(PredictionType.Velocity, options, 0, 100, 250, 500, 999));
    }

    [Fact]
    public void DebiasedEstimationWeighsAsPublished() =>
        AssertClose([0.0316228, 0.343931, 1.61828, 14.6146], Weights(PredictionType.Epsilon, new() { DebiasedEstimation = true }, 0, 100, 500, 999));

    [Fact]
    public void HuberThresholdsFallAsPublished()
    {
        AssertClose([0.949710, 0.231284, 0.103691], ElementLosses.HuberThreshold(HuberSchedule.Snr, tensor(new long[] { 0, 500, 999 }), schedule));
        AssertClose([0.316228, 0.100231], ElementLosses.HuberThreshold(HuberSchedule.Exponential, tensor(new long[] { 500, 999 }), schedule));
        AssertClose([0.1, 0.1], ElementLosses.HuberThreshold(HuberSchedule.Constant, tensor(new long[] { 0, 999 }), schedule));
    }

    [Fact]
    public void TheVFormStaysFiniteWhereTheSignalEnds()
    {
        var terminal = NoiseSchedule.From(new SchedulerConfig { RescaleBetasZeroSnr = true });
        var weight = DiffusionLoss.Weighted(ones(1), tensor(new long[] { 999 }), terminal, PredictionType.Velocity, new() { MinSnrGamma = 5 });
        Assert.Equal([0], Values(weight));
    }

    [Fact]
    public void ASampleWeighsTheSameInAnyBatch()
    {
        var (answer, target, timesteps) = (randn(3, 4, 2, 5), randn(3, 4, 2, 5), tensor(new long[] { 3, 400, 900 }));
        var options = new DiffusionLossOptions { Element = ElementLoss.Huber, MinSnrGamma = 5, DebiasedEstimation = true };
        var together = DiffusionLoss.PerSample(answer, target, timesteps, schedule, PredictionType.Epsilon, options);
        var alone = DiffusionLoss.PerSample(answer[1..2], target[1..2], timesteps[1..2], schedule, PredictionType.Epsilon, options);
        Assert.Equal(Values(together)[1], Values(alone)[0], 1e-6);
    }

    [Theory, InlineData(ElementLoss.L2), InlineData(ElementLoss.L1), InlineData(ElementLoss.Huber), InlineData(ElementLoss.SmoothL1)]
    public void AnAnswerThatIsRightCostsNothingAndGradientsReachAWrongOne(ElementLoss element)
    {
        var (target, timesteps, options) = (randn(2, 4, 3, 3), tensor(new long[] { 10, 800 }), new DiffusionLossOptions { Element = element });
        Assert.All(Values(DiffusionLoss.PerSample(target, target, timesteps, schedule, PredictionType.Epsilon, options)), loss => Assert.Equal(0, loss, 1e-6));
        var wrong = (target + 1).detach().requires_grad_();
        DiffusionLoss.PerSample(wrong, target, timesteps, schedule, PredictionType.Epsilon, options).mean().backward();
        Assert.All(Values(wrong.grad!.flatten()), slope => Assert.True(slope > 0));
    }

    static void AssertClose(double[] want, Tensor got)
    {
        foreach (var (expected, value) in want.Zip(Values(got))) Assert.Equal(expected, value, Math.Max(5e-7, 1e-5 * expected));
    }

    public void Dispose() => scope.Dispose();
}
