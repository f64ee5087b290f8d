using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

public sealed class LatentScalingTests
{
    [Theory]
    [InlineData("bilinear", false), InlineData("bilinear", true), InlineData("bicubic", false), InlineData("bicubic", true)]
    [InlineData("nearest", false), InlineData("nearest-exact", false)]
    public void EvenLatentsStayEvenAtAnySize(string mode, bool smooth)
    {
        using var scope = NewDisposeScope();
        var scaled = LatentScaling.Resize(full([1, 4, 6, 5], 0.75, device: CPU), 9, 4, mode, smooth);
        Assert.Equal([1, 4, 9, 4], scaled.shape);
        Assert.True((scaled - 0.75).abs().max().ToSingle() < 1e-6);
    }

    [Fact]
    public void SmoothBilinearIsThePlainOneWhereItEnlarges()
    {
        using var scope = NewDisposeScope();
        var latents = rand([1, 2, 5, 6], device: CPU);
        Assert.True((LatentScaling.Resize(latents, 10, 9, "bilinear", true) - LatentScaling.Resize(latents, 10, 9, "bilinear")).abs().max().ToSingle() < 1e-5);
    }

    [Fact]
    public void AModeThatThereIsNotIsRefused() =>
        Assert.Contains("bicubic", Assert.Throws<LowrankException>(() => LatentScaling.Resize(rand([1, 1, 2, 2], device: CPU), 4, 4, "cubic")).Message, StringComparison.Ordinal);
}
