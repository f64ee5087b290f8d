namespace Lowrank.Diffusion.Tests;

/// <summary>Masked parts take the colours around them; the rest stays.</summary>
public class MaskedFillTests
{
    [Fact]
    public void ABlackMaskLeavesThePictureAsItIs() =>
        Assert.Equal(Made.Picture(21, 17).Pixels, MaskedFill.Fill(Made.Picture(21, 17), Mask.Filled(21, 17, 0)).Pixels);

    [Fact]
    public void AHoleInOneColourIsFilledWithThatColour()
    {
        var mask = Mask.Filled(40, 30, 0);
        for (int y = 10; y < 20; y++) mask.Levels.AsSpan(40 * y + 12, 16).Fill(255);

        var filled = MaskedFill.Fill(Picture.Filled(40, 30, 200, 40, 90), mask);

        for (int i = 0; i < filled.Pixels.Length; i += 3)
        {
            Assert.InRange(filled.Pixels[i], 196, 204);
            Assert.InRange(filled.Pixels[i + 1], 36, 44);
            Assert.InRange(filled.Pixels[i + 2], 86, 94);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 300)]
    [InlineData(300, 1)]
    public void PicturesSmallerThanTheBlurAreFilledToo(int width, int height) =>
        Assert.Equal(3 * width * height, MaskedFill.Fill(Picture.Filled(width, height, 5, 6, 7), Mask.Filled(width, height, 128)).Pixels.Length);

    [Fact]
    public void AMaskOfAnotherSizeIsRefused() =>
        Assert.Throws<LowrankException>(() => MaskedFill.Fill(Picture.Filled(4, 4, 0, 0, 0), Mask.Filled(4, 5, 0)));
}
