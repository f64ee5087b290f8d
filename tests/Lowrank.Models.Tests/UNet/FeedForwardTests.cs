using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

public class FeedForwardTests
{
    const int Channels = 48;

    static FeedForward Made(ScalarType dtype)
    {
        var made = new FeedForward(Channels, new Storage(dtype));
        using var generator = new Generator(3);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in made.parameters()) parameter.copy_(randn(parameter.shape, device: CPU, generator: generator) * 0.2);
        return made;
    }

    // 8 MB hold 5,461 tokens of 8 x 48 float32 numbers, and 10,922 of bfloat16: neither divides what is asked.
    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.BFloat16, 1e-2)]
    public void ManyTokensAreAnsweredInPiecesAsTheyAreAtOnce(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var layer = Made(dtype);
        var x = randn(3, 7001, Channels, device: CPU).to(dtype);
        var whole = layer.call(x).detach();
        using var grad = no_grad();
        var pieces = layer.call(x);
        Assert.Equal(whole.shape, pieces.shape);
        var apart = (whole - pieces).abs().max().to(ScalarType.Float32).ToDouble();
        Assert.True(apart <= tolerance * whole.abs().max().to(ScalarType.Float32).ToDouble(), $"they are {apart} apart");
    }

    [Fact]
    public void PiecesLeaveOnlyTheAnswer() => LeakGuard.NoTensorLeaks(() =>
    {
        using var layer = Made(ScalarType.Float32);
        using var grad = no_grad();
        using var x = randn(2, 7001, Channels, device: CPU);
        long before = LeakGuard.Live;
        using var answer = layer.call(x);
        Assert.Equal(before + 1, LeakGuard.Live);
    });
}
