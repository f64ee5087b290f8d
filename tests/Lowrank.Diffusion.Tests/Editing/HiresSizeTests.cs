namespace Lowrank.Diffusion.Tests;

/// <summary>Sizes of the second pass.</summary>
public class HiresSizeTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(-8, 64)]
    public void ASizeWithoutSidesIsRefused(int width, int height) =>
        Assert.Throws<LowrankException>(() => HiresSize.Resized(64, 64, width, height));

    [Fact]
    public void OfTheSameFormNothingSticksOut()
    {
        var size = HiresSize.Resized(64, 96, 128, 192);

        Assert.Equal((128, 192, 0, 0), (size.Width, size.Height, size.CutAcross, size.CutDown));
    }
}
