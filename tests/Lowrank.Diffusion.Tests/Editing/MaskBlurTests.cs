namespace Lowrank.Diffusion.Tests;

/// <summary>Blurred masks keep their mass and their level.</summary>
public class MaskBlurTests
{
    [Theory]
    [InlineData(1, 1, 4, 4)]
    [InlineData(3, 2, 20, 0.3)]
    [InlineData(31, 17, 64, 7)]
    public void AMaskOfOneLevelStaysWhateverTheBlur(int width, int height, double across, double down) =>
        Assert.Equal(Mask.Filled(width, height, 201).Levels, MaskBlur.Gaussian(Mask.Filled(width, height, 201), across, down).Levels);

    [Fact]
    public void AnEdgeIsSpreadAlongTheDirectionOfTheBlurAlone()
    {
        var mask = Mask.Filled(20, 20, 0);
        for (int y = 8; y < 12; y++) mask.Levels.AsSpan(20 * y + 8, 4).Fill(255);

        var blurred = MaskBlur.Gaussian(mask, 1, 0);

        Assert.InRange(blurred.Levels[20 * 9 + 7], 1, 254);
        Assert.Equal(0, blurred.Levels[20 * 7 + 9]);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, double.NaN)]
    [InlineData(double.PositiveInfinity, 0)]
    public void ABlurThatIsNoneIsRefused(double across, double down) =>
        Assert.Throws<LowrankException>(() => MaskBlur.Gaussian(Mask.Filled(2, 2, 0), across, down));
}
