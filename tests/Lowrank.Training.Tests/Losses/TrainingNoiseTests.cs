namespace Lowrank.Training.Tests;

public sealed class TrainingNoiseTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly Tensor latents = ones(8, 4, 16, 16) * 0.5;

    TrainingNoise Draw(NoiseOptions? options = null)
    {
        using var generator = new Generator(7);
        return TrainingNoise.Draw(latents, 1000, options ?? new(), new GeneratorDraws(generator));
    }

    static double Largest(Tensor x) => x.abs().max().ToDouble();

    [Fact]
    public void PlainNoiseIsShownAsItMustBeFound()
    {
        var drawn = Draw();
        Assert.Equal(0, Largest(drawn.Noise - drawn.Shown));
        Assert.Equal(0, drawn.Noise.mean().ToDouble(), 0.05);
        Assert.Equal(1, drawn.Noise.std().ToDouble(), 0.05);
    }

    [Fact]
    public void AnOffsetIsOneNumberForEachChannelOfEachSample()
    {
        var offset = Draw(new() { Offset = 0.1 }).Noise - Draw().Noise;
        Assert.Equal(0, Largest(offset - offset.mean([2, 3], keepdim: true)), 1e-6);
        Assert.Equal(0.1, offset.mean([2, 3]).std().ToDouble(), 0.03);
    }

    [Fact]
    public void PyramidNoiseKeepsItsDeviationAndJoinsNeighbours()
    {
        static double Neighbours(Tensor x) => (x[.., .., .., 1..] * x[.., .., .., ..^1]).mean().ToDouble();
        var drawn = Draw(new() { MultiresIterations = 6, MultiresDiscount = 0.8 });
        Assert.Equal(1, drawn.Noise.std().ToDouble(), 1e-4);
        Assert.True(Neighbours(drawn.Noise) > Neighbours(Draw().Noise) + 0.1);
    }

    [Fact]
    public void PerturbationIsShownAndNotAskedFor()
    {
        var drawn = Draw(new() { InputPerturbation = 0.1 });
        Assert.Equal(0, Largest(drawn.Noise - Draw().Noise));
        Assert.Equal(0.1, (drawn.Shown - drawn.Noise).std().ToDouble(), 0.01);
    }

    [Fact]
    public void TimestepsStayWithinTheirBounds()
    {
        var levels = Enumerable.Range(0, 50).SelectMany(_ => Draw(new() { MinTimestep = 200, MaxTimestep = 204 }).Timesteps.data<long>()).ToHashSet();
        Assert.All(levels, level => Assert.InRange(level, 200, 203));
        Assert.All(Draw(new() { MinTimestep = 500, MaxTimestep = 500 }).Timesteps.data<long>(), level => Assert.Equal(500, level));
    }

    [Fact]
    public void DrawingLeavesItsAnswerAlone()
    {
        var options = new NoiseOptions { Offset = 0.1, AdaptiveScale = 0.1, MultiresIterations = 4, InputPerturbation = 0.1 };
        LeakGuard.NoTensorLeaks(() =>
        {
            using var here = NewDisposeScope();
            Draw(options);
        });
    }

    public void Dispose() => scope.Dispose();
}
