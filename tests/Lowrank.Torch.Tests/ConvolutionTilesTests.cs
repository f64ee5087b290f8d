namespace Lowrank.Torch.Tests;

public class ConvolutionTilesTests
{
    static readonly ConvolutionWalk padded = new([1, 1], [1, 1], [1, 1], 1);

    public static bool Unsupported => !Lanes.AreSupported || !Processor.Current.MultipliesBFloat16;

    // Stable Diffusion 1.5's shapes; of few places bringing the weight to points takes longer than the convolution.
    [Theory(Skip = "no AVX-512 with bfloat16", SkipWhen = nameof(Unsupported))]
    [InlineData(ScalarType.BFloat16, 2, 320, 320, 32, true)]
    [InlineData(ScalarType.BFloat16, 2, 2560, 1280, 8, true)]
    [InlineData(ScalarType.BFloat16, 1, 1280, 1280, 8, false)]
    [InlineData(ScalarType.BFloat16, 2, 1280, 1280, 4, false)]
    [InlineData(ScalarType.Float32, 1, 1280, 1280, 8, true)]
    [InlineData(ScalarType.Float32, 2, 1280, 1280, 4, false)]
    [InlineData(ScalarType.Float32, 2, 4, 320, 32, false)]
    [InlineData(ScalarType.Float32, 2, 320, 4, 32, false)]
    [InlineData(ScalarType.Float64, 2, 320, 320, 32, false)]
    public void TheRoadIsChosenByShape(ScalarType dtype, long batch, long channels, long outputs, long size, bool tiles)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (x, weight) = (empty(batch, channels, size, size, dtype), empty(outputs, channels, 3, 3, dtype));
        bool can = dtype != ScalarType.BFloat16 || !Processor.Current.MultipliesBFloat16Tiles;
        Assert.Equal(tiles && can, ConvolutionTiles.IsFaster(x, weight, null, padded));
    }

    [Fact(Skip = "no AVX-512 with bfloat16", SkipWhen = nameof(Unsupported))]
    public void OtherWalksAndWhatWantsAGradientGoByLibtorch()
    {
        using var scope = NewDisposeScope();
        var (x, weight, bias) = (randn(1, 64, 32, 32), randn(64, 64, 3, 3), randn(64));
        Assert.True(Takes(padded));
        Assert.False(Takes(padded with { Stride = [2, 1] }));
        Assert.False(Takes(padded with { Dilation = [1, 2] }));
        Assert.False(Takes(padded with { Padding = [1, 3] }));
        Assert.False(Takes(padded with { Groups = 2 }));
        Assert.False(ConvolutionTiles.IsFaster(x, weight[.., .., .., ..2], null, padded));
        Assert.False(ConvolutionTiles.IsFaster(x, weight, bias.to(ScalarType.Float64), padded));
        using (OwnRoads.Close()) Assert.False(Takes(padded));
        bias.requires_grad_();
        Assert.False(Takes(padded));
        using var grad = no_grad();
        Assert.True(Takes(padded));

        bool Takes(ConvolutionWalk walk) => ConvolutionTiles.IsFaster(x, weight, bias, walk);
    }

    [Fact(Skip = "no AVX-512 with bfloat16", SkipWhen = nameof(Unsupported))]
    public void TensorsInAnyLayoutAndWrappedEdgesAreAnsweredAsByLibtorch() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var (x, weight) = (randn(1, 32, 32, 64).permute(0, 3, 1, 2), randn(64, 3, 3, 64).permute(0, 3, 1, 2));
        foreach (var walk in new[] { padded, padded with { Wraps = true } })
        {
            Assert.True(ConvolutionTiles.IsFaster(x, weight, null, walk));
            var ours = walk.Run(x, weight, null);
            using var closed = OwnRoads.Close();
            var theirs = walk.Run(x, weight, null);
            Assert.True((ours - theirs).norm().ToDouble() <= 1e-6 * theirs.norm().ToDouble());
        }
    });
}
