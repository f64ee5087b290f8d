using Lowrank.Models;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>FreeU beside its definition by Fourier transforms.</summary>
public sealed class FreeUTests
{
    [Theory]
    [InlineData(8, 8)]
    [InlineData(9, 7)]
    [InlineData(1, 5)]
    [InlineData(2, 3)]
    public void SkipConnectionsLoseTheirLowestFrequenciesAsByATransform(int height, int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var skip = randn([2, 3, height, width], device: CPU, generator: generator);
        var (_, got) = new FreeU(1, 1, 1, 0.4, FollowsContent: false).Change(ones(2, 8, height, width, device: CPU), skip, firstWidth: 4);
        var mask = ones(height, width, device: CPU);
        mask.narrow(0, Math.Max(0, height / 2 - 1), Math.Min(2, height)).narrow(1, Math.Max(0, width / 2 - 1), Math.Min(2, width)).fill_(0.4);
        var spectrum = fft.fftshift(fft.fft2(skip), [-2, -1]) * mask;
        Assert.True(fft.ifft2(fft.ifftshift(spectrum, [-2, -1])).real.allclose(got, 1e-4, 1e-5));
    }

    [Fact]
    public void TheFirstHalfOfTheChannelsIsStrengthenedWhereTheWidthIsTwiceOrFourTimesTheFirst()
    {
        using var scope = NewDisposeScope();
        var free = new FreeU(1.5, 3, 1, 1, FollowsContent: false);
        var skip = ones(1, 2, 4, 4, device: CPU);
        Assert.Equal([3, 3, 1, 1], Channels(free.Change(ones(1, 4, 4, 4, device: CPU), skip, 2).Hidden));
        Assert.Equal([1.5f, 1.5f, 1, 1], Channels(free.Change(ones(1, 4, 4, 4, device: CPU), skip, 1).Hidden));
        Assert.Equal([1, 1, 1, 1], Channels(free.Change(ones(1, 4, 4, 4, device: CPU), skip, 4).Hidden));

        static float[] Channels(Tensor hidden) => [.. hidden.mean([0, 2, 3]).data<float>()];
    }

    [Fact]
    public void TheSecondVersionFollowsTheContent()
    {
        using var scope = NewDisposeScope();
        var hidden = zeros(1, 2, 1, 2, device: CPU);
        hidden.select(3, 1).fill_(4);   // nothing, and much
        var (changed, _) = new FreeU(1, 2, 1, 1, FollowsContent: true).Change(hidden, ones(1, 2, 1, 2, device: CPU), 1);
        Assert.Equal([0, 8, 0, 4], changed.data<float>().ToArray());
    }

    [Fact]
    public void TheSecondVersionLeavesALevelOfOnePixelAsItIs()
    {
        using var scope = NewDisposeScope();
        var (changed, _) = new FreeU(1, 2, 1, 1, FollowsContent: true).Change(full(1, 2, 1, 1, 3.0f, device: CPU), ones(1, 2, 1, 1, device: CPU), 1);
        Assert.Equal([3, 3], changed.data<float>().ToArray());
    }

    [Fact]
    public void ItStandsBehindWhatIsChangedAlready()
    {
        using var scope = NewDisposeScope();
        var before = new UNetChanges().ThenBeforeJoining((hidden, skip) => (hidden + 1, skip));
        var changes = new FreeU(1, 2, 1, 1, FollowsContent: false).In(before, new UNetConfig { BlockChannels = [1, 2, 4, 4] });
        var (hidden, _) = changes.BeforeJoining!(zeros(1, 2, 2, 2, device: CPU), ones(1, 2, 2, 2, device: CPU));
        Assert.Equal(2, hidden[0, 0, 0, 0].item<float>());
    }
}
