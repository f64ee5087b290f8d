namespace Lowrank.Torch.Tests;

public class ConvolutionPiecesTests
{
    // 16 MB hold 455 output channels of 1,024 x 3 x 3 float32 numbers: 500 are two pieces.
    [Theory]
    [InlineData(500, 1024, 3, ScalarType.Float32, 1e-5)]
    [InlineData(1001, 1024, 3, ScalarType.BFloat16, 1e-2)]
    public void ALargeWeightIsAnsweredInPiecesAsItIsAtOnce(long outputs, long inputs, long kernel, ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var walk = new ConvolutionWalk([2, 1], [1, 1], [1, 1], 1);
        var x = randn(2, inputs, 33, 34, device: CPU).to(dtype);
        var weight = (randn(outputs, inputs, kernel, kernel, device: CPU) * 0.02).to(dtype);
        var bias = randn(outputs, device: CPU).to(dtype);
        foreach (var added in new[] { bias, null })
        {
            Assert.True(ConvolutionPieces.Suit(x, weight, walk));
            var pieces = walk.Run(x, weight, added);
            using var closed = OwnRoads.Close();
            Assert.False(ConvolutionPieces.Suit(x, weight, walk));
            var whole = walk.Run(x, weight, added);
            Assert.Equal(whole.shape, pieces.shape);
            double apart = (whole - pieces).abs().max().to(ScalarType.Float32).ToDouble();
            Assert.True(apart <= tolerance * whole.abs().max().to(ScalarType.Float32).ToDouble(), $"they are {apart} apart");
        }
    }

    [Fact]
    public void SmallWeightsGroupsAndWhatWantsAGradientStayWhole()
    {
        using var scope = NewDisposeScope();
        var walk = new ConvolutionWalk([1, 1], [1, 1], [1, 1], 1);
        var (x, large) = (zeros(1, 1024, 4, 4, device: CPU), zeros(500, 1024, 3, 3, device: CPU));
        Assert.False(ConvolutionPieces.Suit(x, large, walk));
        using var grad = no_grad();
        Assert.True(ConvolutionPieces.Suit(x, large, walk));
        Assert.False(ConvolutionPieces.Suit(x, large, walk with { Groups = 2 }));
        Assert.False(ConvolutionPieces.Suit(x, large[..400], walk));
    }

    [Fact]
    public void PiecesLeaveOnlyTheAnswer() => LeakGuard.NoTensorLeaks(() =>
    {
        using var grad = no_grad();
        var walk = new ConvolutionWalk([1, 1], [1, 1], [1, 1], 1);
        using var x = zeros(1, 1024, 4, 4, device: CPU);
        using var weight = zeros(500, 1024, 3, 3, device: CPU);
        using var bias = zeros(500, device: CPU);
        long before = LeakGuard.Live;
        using var answer = ConvolutionPieces.Convolve(x, weight, bias, walk);
        Assert.Equal(before + 1, LeakGuard.Live);
    });
}
