using NetVips;

namespace Lowrank.Diffusion.Tests;

/// <summary>Colours and alpha of a picture, apart.</summary>
public class AlphaPictureTests
{
    static readonly Picture two = new(2, 1, [10, 20, 30, 200, 100, 50]);

    [Fact]
    public void LaidOnAGroundClearPixelsShowItAndOpaqueOnesDoNot() =>
        Assert.Equal([51, 102, 204, 200, 100, 50], new AlphaPicture(two, new Mask(2, 1, [0, 255])).On(Colour.Read("#3366cc")).Pixels);

    [Fact]
    public void WithoutAlphaItsLightIsTheMask() => Assert.Equal(Mask.LightOf(two).Levels, new AlphaPicture(two, null).ToMask().Levels);

    [Fact]
    public void AlphaThatSaysNothingIsNoMask() =>
        Assert.Equal(Mask.LightOf(two).Levels, new AlphaPicture(two, Mask.Filled(2, 1, 255)).ToMask().Levels);

    [Fact]
    public void AlphaIsAllOrNothingWhereItIsRounded()
    {
        var soft = new AlphaPicture(two, new Mask(2, 1, [128, 129]));

        Assert.Equal([0, 255], soft.ToMask().Levels);
        Assert.Equal([128, 129], soft.ToMask(rounded: false).Levels);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void AFileKeepsTheColoursOfItsClearPixels(int bits)
    {
        using var folder = new Lowrank.Testing.TemporaryFolder();
        string path = Path.Combine(folder.Path, "alpha.png");
        byte[] pixels = [10, 20, 30, 0, 200, 100, 50, 128];
        using (var small = Image.NewFromMemory(pixels, 2, 1, 4, Enums.BandFormat.Uchar))
        {
            if (bits == 8) small.Copy(interpretation: Enums.Interpretation.Srgb).Pngsave(path);
            else (small * 257).Cast(Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Rgb16).Pngsave(path);
        }

        var read = PictureFile.ReadWithAlpha(path);

        Assert.Equal([10, 20, 30, 200, 100, 50], read.Colours.Pixels);
        Assert.Equal([0, 128], read.Alpha!.Levels);
    }

    [Theory]
    [InlineData("#36c", 51, 102, 204)]
    [InlineData(" #0aF0ff ", 10, 240, 255)]
    public void AColourIsReadInBothLengths(string text, byte red, byte green, byte blue) =>
        Assert.Equal(new Colour(red, green, blue), Colour.Read(text));

    [Theory]
    [InlineData("white")]
    [InlineData("#12345")]
    [InlineData("#ggg")]
    [InlineData("")]
    public void AnotherWordIsNoColour(string text) => Assert.Throws<LowrankException>(() => Colour.Read(text));
}
