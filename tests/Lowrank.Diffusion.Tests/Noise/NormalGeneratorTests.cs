using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>The generators behind a seed.</summary>
public sealed class NormalGeneratorTests
{
    static float[] Numbers(NoiseSource source, long seed, params long[] shape)
    {
        using var generator = source.Create(seed);
        using var drawn = generator.Draw(shape);
        return drawn.data<float>().ToArray();
    }

    [Fact]
    public void PhiloxDrawsWhatTheWebUiStates()
    {
        // The numbers in the head of modules/rng_philox.py.
        float[] stated =
        [
            -0.92466259f, -0.42534415f, -2.6438457f, 0.14518388f, -0.12086647f, -0.57972564f, -0.62285122f, -0.32838709f,
            -1.07454231f, -0.36314407f, -1.67105067f, 2.26550497f,
        ];
        // They were computed with other roundings.
        Assert.All(stated.Zip(Numbers(NoiseSources.Nv, 0, 3, 4)), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void PhiloxHeedsAllBitsOfASeedAndTorchTheLowOnes()
    {
        const long low = 5, both = low + (1L << 32);
        Assert.Equal(Numbers(NoiseSources.Cpu, low, 16), Numbers(NoiseSources.Cpu, both, 16));
        Assert.NotEqual(Numbers(NoiseSources.Nv, low, 16), Numbers(NoiseSources.Nv, both, 16));
        Assert.NotEqual(Numbers(NoiseSources.Nv, -1, 16), Numbers(NoiseSources.Nv, uint.MaxValue, 16));
    }

    [Fact]
    public void NumbersOfAPhiloxCallDoNotDependOnTheirCount() => Assert.Equal(Numbers(NoiseSources.Nv, 3, 7), Numbers(NoiseSources.Nv, 3, 40)[..7]);

    [Fact]
    public void SourcesAreFoundByNameAndLabel()
    {
        Assert.Same(NoiseSources.Nv, NoiseSources.Named("NV"));
        Assert.Same(NoiseSources.Cpu, NoiseSources.Named("cpu"));
        Assert.Contains("cpu, nv", Assert.Throws<LowrankException>(() => NoiseSources.Named("mps")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16), InlineData(48), InlineData(3)]
    public void SixteenBitsAreTheRoundedStreamWhereTheCountIsWhole(long count)
    {
        using var scope = NewDisposeScope();
        using TorchNormalGenerator half = new(4), single = new(4);
        Assert.True(half.Draw(ScalarType.BFloat16, count).equal(single.Draw(count).to(ScalarType.BFloat16)).all().item<bool>());
        Assert.True(half.Draw(ScalarType.BFloat16, count).equal(single.Draw(count).to(ScalarType.BFloat16)).all().item<bool>());
    }
}
