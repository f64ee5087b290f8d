using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>The noise of batches as AUTOMATIC1111 and ComfyUI draw it.</summary>
public sealed class BatchNoiseTests
{
    static readonly long[] shape = [4, 6, 8];

    static Tensor First(IReadOnlyList<long> seeds, SeedVariation? variation = null, NoiseSource? source = null)
    {
        using var noise = new WebUiNoise(seeds, shape, CPU, variation, source);
        return noise.First();
    }

    static bool Same(Tensor a, Tensor b) => a.equal(b).all().item<bool>();

    [Theory]
    [InlineData("cpu"), InlineData("nv")]
    public void APictureDoesNotDependOnItsBatch(string source)
    {
        using var scope = NewDisposeScope();
        var changed = new SeedVariation { Seeds = [5, 6], Strength = 0.4, ResizeFrom = (72, 32) };
        var both = First([1, 2], changed, NoiseSources.Named(source));
        Assert.True(Same(both[1..2], First([2], changed with { Seeds = [6] }, NoiseSources.Named(source))));
    }

    [Fact]
    public void AVariationGoesFromTheSeedToTheOther()
    {
        using var scope = NewDisposeScope();
        Assert.True(Same(First([1]), First([1], new() { Seeds = [2] })));
        Assert.True(First([2]).allclose(First([1], new() { Seeds = [2], Strength = 1 }), rtol: 1e-4, atol: 1e-5));
        Assert.True(First([0]).allclose(First([1], new() { Strength = 1 }), rtol: 1e-4, atol: 1e-5));   // a seed that is missing is 0
    }

    [Fact]
    public void ASeedMixedWithItselfStaysWhatItIs()
    {
        using var scope = NewDisposeScope();
        Assert.True(First([3]).allclose(First([3], new() { Seeds = [3], Strength = 0.25 }), rtol: 1e-5, atol: 1e-6));
    }

    [Fact]
    public void ASmallerSizesNoiseStandsInTheMiddle()
    {
        using var scope = NewDisposeScope();
        using var small = new WebUiNoise([9], [4, 4, 4], CPU);
        var (laid, plain, inner) = (First([9], new() { ResizeFrom = (32, 32) }), First([9]), small.First());
        Assert.True(Same(laid[.., .., 1..5, 2..6], inner));
        Assert.True(Same(laid[.., .., .., 0..2], plain[.., .., .., 0..2]));
        Assert.True(Same(First([9], new() { ResizeFrom = (64, 48) }), plain));
    }

    [Fact]
    public void TheSeedsDeltaReachesLaterDrawsAlone()
    {
        using var scope = NewDisposeScope();
        using var noise = new WebUiNoise([1], shape, CPU, new() { SeedDelta = 30 });
        Assert.True(Same(noise.First(), First([1])));
        Assert.True(Same(noise.Draw(default, default), First([31])));
    }

    [Fact]
    public void ASamplersFirstDrawInComfyUiIsTheNoiseThatItBeganWith()
    {
        using var scope = NewDisposeScope();
        using var noise = new ComfyNoise(5, 2, shape, CPU);
        var first = noise.First();
        Assert.True(Same(first, noise.Draw(default, default)));
        Assert.False(Same(first, noise.Draw(default, default)));
    }

    [Fact]
    public void PicturesOfAComfyBatchHaveTheirPartOfItsNoiseToTheLastStep()
    {
        using var scope = NewDisposeScope();
        using var whole = new ComfyNoise(5, 4, shape, CPU);
        var anew = new AnewNoise(new GeneratorNoise([5], 4, shape, CPU), new GeneratorNoise([5], 4, shape, CPU));
        using var part = new PartNoise(anew, [3, 1]);
        for (int draw = 0; draw < 3; draw++)
        {
            var (all, own) = draw == 0 ? (whole.First(), part.First()) : (whole.Draw(default, default), part.Draw(default, default));
            Assert.True(Same(own[0], all[3]) && Same(own[1], all[1]));
        }
        NoiseLevel high = NoiseLevel.Exploding(10, 900), low = NoiseLevel.Exploding(2, 500);
        var (motion, ownMotion) = (whole.Brownian([10, 0.1]).Draw(high, low), part.Brownian([10, 0.1]).Draw(high, low));
        Assert.True(Same(ownMotion[0], motion[3]) && Same(ownMotion[1], motion[1]));
    }

    [Fact]
    public void ABatchIndexTakesTheNoiseOfThatPicture()
    {
        using var scope = NewDisposeScope();
        using ComfyNoise whole = new(5, 3, shape, CPU), some = new(5, 2, shape, CPU, [2, 0]), alike = new(5, 2, shape, CPU, [0, 0]);
        var (all, two, same) = (whole.First(), some.First(), alike.First());   // 192 numbers a picture: a multiple of 16
        Assert.True(Same(two[0], all[2]) && Same(two[1], all[0]));
        Assert.True(Same(same[0], same[1]));
        Assert.Throws<LowrankException>(() => new ComfyNoise(5, 2, shape, CPU, [1]));
    }
}
