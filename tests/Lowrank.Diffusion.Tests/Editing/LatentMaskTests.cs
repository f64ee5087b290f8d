using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>Masks at the size of latents.</summary>
public class LatentMaskTests
{
    [Fact]
    public void RoundedAMaskIsZeroOrOneAndPlainItIsBetween()
    {
        using var scope = NewDisposeScope();
        var mask = Mask.Filled(16, 16, 0);
        for (int y = 0; y < 16; y++) mask.Levels.AsSpan(16 * y, 6).Fill(200);

        float[] rounded = [.. LatentMask.Of(mask, 2, 2).data<float>()], plain = [.. LatentMask.Of(mask, 2, 2, rounded: false).data<float>()];

        Assert.Equal([1, 0, 1, 0], rounded);
        Assert.All(plain, level => Assert.InRange(level, 0, 0.8f));
        Assert.NotEqual(plain, rounded);
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        long before = LeakGuard.Live;

        LatentMask.Of(Mask.Filled(8, 8, 255), 1, 1).Dispose();

        Assert.Equal(before, LeakGuard.Live);
    }
}
