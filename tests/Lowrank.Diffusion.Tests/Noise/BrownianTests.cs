using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>Laws of a Brownian motion, and of the noise that is made of it.</summary>
public sealed class BrownianTests
{
    static BrownianTree Tree(double start = 0.03, double end = 14.6, params long[] shape) => new(11, shape.Length == 0 ? [4, 5] : shape, start, end);

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void IncrementsAddUp(int seed)
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        var tree = Tree();
        double[] times = [.. Enumerable.Range(0, 5).Select(_ => 0.03 + 14.57 * random.NextDouble()).Order()];
        var parts = times.Zip(times.Skip(1)).Select(part => tree.Increment(part.First, part.Second)).ToArray();
        var sum = parts.Aggregate((a, b) => a + b);
        Assert.True(sum.allclose(tree.Increment(times[0], times[^1]), rtol: 1e-5, atol: 1e-5));
    }

    [Fact]
    public void AnAnswerDoesNotDependOnWhatWasAskedBefore()
    {
        using var scope = NewDisposeScope();
        var (asked, fresh) = (Tree(), Tree());
        for (int i = 1; i < 9; i++) asked.Increment(0.1 * i, 1.3 * i);
        Assert.True(asked.Increment(2, 3).equal(fresh.Increment(2, 3)).all().item<bool>());
    }

    [Fact]
    public void TimesOutsideCountAsTheNearerEnd()
    {
        using var scope = NewDisposeScope();
        var tree = Tree(1, 2);
        Assert.True(tree.Increment(0, 9).equal(tree.Increment(1, 2)).all().item<bool>());
        Assert.Equal(0, tree.Increment(3, 4).abs().max().item<float>());
    }

    [Theory]
    [InlineData(0.029, 14.6), InlineData(1.5, 1.6), InlineData(4.0, 4.000004)]
    public void IncrementsHaveTheVarianceOfTheirStretch(double from, double to)
    {
        using var scope = NewDisposeScope();
        // 40,000 numbers: a deviation is off by 0.35 %, and the stretch by the millionths that times are rounded to.
        var increment = Tree(0.029, 14.6, 40_000).Increment(from, to);
        Assert.InRange(increment.std().item<float>() / Math.Sqrt(to - from), 0.98, 1.02);
        Assert.InRange(Math.Abs(increment.mean().item<float>()) / Math.Sqrt(to - from), 0, 0.02);
    }

    [Theory]
    [InlineData(2, 2), InlineData(2, 1)]
    public void AMotionThatGoesNowhereIsRefused(double start, double end) => Assert.Throws<LowrankException>(() => Tree(start, end));

    [Fact]
    public void NothingIsKeptOfAQuery()
    {
        long before = LeakGuard.Live;
        Tree().Increment(0.7, 9.1).Dispose();
        Assert.Equal(before, LeakGuard.Live);
    }

    [Fact]
    public void APictureDoesNotDependOnItsBatchWhereEachHasASeed()
    {
        using var scope = NewDisposeScope();
        double[] sigmas = [14.6, 3, 0.5, 0];
        var (from, to) = (NoiseLevel.Exploding(14.6, 999), NoiseLevel.Exploding(3, 700));
        var both = new BrownianNoise([7, 8], 2, [4, 3, 2], sigmas, CPU).Draw(from, to);
        var second = new BrownianNoise([8], 1, [4, 3, 2], sigmas, CPU).Draw(from, to);
        Assert.True(both[1..2].equal(second).all().item<bool>());
        var oneForAll = new BrownianNoise([7], 2, [4, 3, 2], sigmas, CPU).Draw(from, to);
        Assert.Equal([2, 4, 3, 2], oneForAll.shape);
        Assert.False(oneForAll[1..2].equal(second).all().item<bool>());
    }

    [Fact]
    public void TheWayUpIsTheWayDownTurnedAround()
    {
        using var scope = NewDisposeScope();
        var noise = new BrownianNoise([7], 1, [4, 3, 2], [14.6, 3, 0], CPU);
        var (high, low) = (NoiseLevel.Exploding(9, 0), NoiseLevel.Exploding(3, 0));
        Assert.True(noise.Draw(high, low).equal(-noise.Draw(low, high)).all().item<bool>());
    }
}
