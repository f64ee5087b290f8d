using Lowrank.Models;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>How a network's answers are read along sigmas.</summary>
public sealed class ModelSamplingTests
{
    static NoiseSchedule Noise => NoiseSchedule.From(new SchedulerConfig(), doubles: true);

    [Theory]
    [InlineData(AnswerMeaning.Noise)]
    [InlineData(AnswerMeaning.Velocity)]
    [InlineData(AnswerMeaning.Sample)]
    [InlineData(AnswerMeaning.Edm)]
    public void APerfectAnswerOfAnyMeaningGivesTheCleanSample(AnswerMeaning meaning)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var clean = randn([1, 4, 8, 8], device: CPU, generator: generator);
        var noise = randn([1, 4, 8, 8], device: CPU, generator: generator);
        const double sigma = 1.7;
        double variance = sigma * sigma + 1;
        var x = clean + sigma * noise;
        var answer = meaning switch
        {
            AnswerMeaning.Noise => noise,
            AnswerMeaning.Velocity => (noise - sigma * clean) / Math.Sqrt(variance),
            AnswerMeaning.Sample => clean,
            _ => (clean - x * (0.25 / (sigma * sigma + 0.25))) * Math.Sqrt(sigma * sigma + 0.25) / (sigma * 0.5),
        };
        Assert.True(clean.allclose(ModelSampling.Discrete(Noise, meaning).Clean(answer, x, sigma), 1e-4, 1e-5));
    }

    [Fact]
    public void ADistilledNetworkKnowsEveryTwentiethLevel()
    {
        var sampling = ModelSampling.Consistent(Noise);
        Assert.Equal(50, sampling.Table.Sigmas.Count);
        Assert.Equal((999, 19), (sampling.Timestep(sampling.Table.Max), sampling.Timestep(sampling.Table.Min)));
        Assert.Equal(0, sampling.Timestep(14) % 20 - 19);
    }

    [Fact]
    public void AContinuousNetworkIsToldAQuarterOfTheLogarithm()
    {
        var sampling = ModelSampling.Continuous(0.002, 120, AnswerMeaning.Velocity);
        Assert.Equal(0.25 * Math.Log(3), sampling.Timestep(3), 1e-12);
        Assert.Equal((0.002, 120), (sampling.Table.Min, sampling.Table.Max), (one, other) =>
            Math.Abs(one.Item1 - other.Item1) < 1e-6 && Math.Abs(one.Item2 - other.Item2) < 1e-4);
        Assert.Equal(Math.Sqrt(0.002 * 120), sampling.SigmaOfShare(0.5), 1e-9);
    }

    [Fact]
    public void TheWayBeginsAboveEverySigmaAndEndsAtNone()
    {
        var sampling = ModelSampling.Discrete(Noise, AnswerMeaning.Noise);
        Assert.Equal((ModelSampling.AboveAll, 0), (sampling.SigmaOfShare(0), sampling.SigmaOfShare(1)));
        Assert.Equal(sampling.Table.AtTimestep(0.6 * 999), sampling.SigmaOfShare(0.4), 1e-5);
    }

    [Fact]
    public void LevelsBetweenTwoAreToldAsTheNearest()
    {
        var sampling = ModelSampling.Discrete(Noise, AnswerMeaning.Noise);
        double between = sampling.Table.AtTimestep(500.4);
        Assert.Equal(500, sampling.Timestep(between));
    }
}
