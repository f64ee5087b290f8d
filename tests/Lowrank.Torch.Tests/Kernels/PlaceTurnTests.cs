namespace Lowrank.Torch.Tests.Kernels;

public class PlaceTurnTests
{
    public static bool Unsupported => !Lanes.AreSupported;

    [Theory(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    [InlineData(1, 16, 16, 1), InlineData(2, 48, 80, 1), InlineData(3, 320, 512, 2)]
    public void MovesEachNumber(int batch, int rows, int columns, int threads)
    {
        using var scope = NewDisposeScope();
        var x = randn(batch, rows, columns).to(ScalarType.BFloat16);
        Assert.True(PlaceTurn.Suits(x));
        var turned = PlaceTurn.Run(x, threads);
        Assert.True(turned.is_contiguous());
        Assert.True(turned.equal(x.transpose(1, 2)).all().ToBoolean());
    }

    // Sizes that the kernel takes, and some that it does not.
    [Theory, InlineData(32, 4, 4), InlineData(20, 3, 5)]
    public void TokensOfAPictureGoBackToIt(int channels, int height, int width) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            var picture = randn(2, channels, height, width).to(dtype);
            var tokens = PictureTokens.Of(picture);
            Assert.True(tokens.equal(picture.permute(0, 2, 3, 1).reshape(2, height * width, channels)).all().ToBoolean());
            Assert.True(PictureTokens.ToPicture(tokens, height, width).equal(picture).all().ToBoolean());
        }
    });
}
