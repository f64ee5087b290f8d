namespace Lowrank.Torch.Tests.Kernels;

public class WinogradKernelTests
{
    public static bool Unsupported => !Lanes.AreSupported;

    // Pictures narrower than a vector, wider, no multiple of a tile or of a vector; a part of a group of tiles, one, several, more rows of
    // tiles than are worked at a time; channels that are a part of a chunk, a chunk and a part; padding of none, one and two, unlike ones.
    [Theory(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    [InlineData(2, 64, 32, 8, 8, 1, 1, 1), InlineData(1, 32, 64, 5, 7, 1, 1, 2), InlineData(3, 80, 32, 17, 33, 0, 0, 1)]
    [InlineData(1, 16, 32, 6, 5, 0, 0, 1), InlineData(1, 16, 96, 19, 18, 2, 1, 2), InlineData(2, 144, 32, 4, 16, 0, 2, 3)]
    [InlineData(1, 128, 32, 60, 61, 1, 1, 2), InlineData(1, 2560, 32, 8, 8, 1, 1, 1)]
    public void IsAsNearToFloat64AsLibtorchsConvolution(
        int batch, int channels, int outputs, int height, int width, int padHigh, int padWide, int threads)
    {
        foreach (var (dtype, most) in new[] { (ScalarType.Float32, 4.0), (ScalarType.BFloat16, 1.05) })
            LeakGuard.NoTensorLeaks(() =>
            {
                using var scope = NewDisposeScope();
                random.manual_seed(1);
                var x = nn.functional.silu(randn(batch, channels, height, width)).to(dtype);
                var weight = (randn(outputs, channels, 3, 3) / Math.Sqrt(9 * channels)).to(dtype);
                foreach (var bias in new[] { randn(outputs).to(dtype), null })
                {
                    Assert.True(WinogradKernel.Suits(x, weight));
                    var exact = Direct(x.to(ScalarType.Float64), weight.to(ScalarType.Float64), bias?.to(ScalarType.Float64));
                    var (ours, theirs) = (WinogradKernel.Convolve(x, weight, bias, padHigh, padWide, threads), Direct(x, weight, bias));
                    Assert.Equal(exact.shape, ours.shape);
                    Assert.Equal(dtype, ours.dtype);
                    double off = Off(ours), allowed = most * Off(theirs);
                    Assert.True(off <= allowed, $"{dtype}: off by {off:e2}, allowed {allowed:e2}");

                    double Off(Tensor y) => ((y.to(ScalarType.Float64) - exact).norm() / exact.norm()).ToDouble();
                }
            });

        Tensor Direct(Tensor x, Tensor weight, Tensor? bias) => nn.functional.conv2d(x, weight, bias, padding: [padHigh, padWide]);
    }

    [Fact(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    public void GivesTheSameBitsWithAnyNumberOfThreads()
    {
        using var scope = NewDisposeScope();
        var (x, weight) = (randn(2, 48, 21, 9), randn(128, 48, 3, 3));
        var one = WinogradKernel.Convolve(x, weight, null, 1, 1, 1);
        foreach (int threads in new[] { 2, 3, 7 })
            Assert.True(one.Equals(WinogradKernel.Convolve(x, weight, null, 1, 1, threads)), $"{threads} threads");
    }

    [Fact(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    public void APlaceThatIsNotANumberSpoilsItsTilesAlone()
    {
        using var scope = NewDisposeScope();
        var x = randn(2, 16, 16, 16);
        x[0, 3, 9, 9] = float.NaN;
        var answer = WinogradKernel.Convolve(x, randn(32, 16, 3, 3), null, 1, 1, 1);
        Assert.True(answer[0, 0, 9, 9].isnan().ToBoolean());
        Assert.False(answer[0, .., ..4].isnan().any().ToBoolean());
        Assert.False(answer[1].isnan().any().ToBoolean());
    }
}
