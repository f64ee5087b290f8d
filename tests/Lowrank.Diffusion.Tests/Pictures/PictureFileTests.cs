using NetVips;

namespace Lowrank.Diffusion.Tests;

public sealed class PictureFileTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("lowrank-pictures").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string File(string name) => Path.Combine(folder, name);

    static Picture Gradient(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i * 7 % 256);
        return new Picture(width, height, pixels);
    }

    static Image Vips(Picture picture) => Image.NewFromMemory(picture.Pixels, picture.Width, picture.Height, 3, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);

    [Fact]
    public void AFolderAndAnEmptyFileAreToldApartFromOneThatIsNotThere()
    {
        System.IO.File.WriteAllBytes(File("empty.png"), []);
        foreach (var read in new Action<string>[] { path => PictureFile.Read(path), path => PictureFile.ReadWithAlpha(path), path => PictureFile.Look(path), path => PictureFile.ReadSize(path), path => PictureFile.ReadInfoText(path) })
        {
            Assert.Contains("is a folder, and a picture is a file", Assert.Throws<LowrankException>(() => read(folder)).Message, StringComparison.Ordinal);
            Assert.Contains("is empty, and so no picture", Assert.Throws<LowrankException>(() => read(File("empty.png"))).Message, StringComparison.Ordinal);
            Assert.Contains("does not exist", Assert.Throws<LowrankException>(() => read(File("none.png"))).Message, StringComparison.Ordinal);
            Assert.ThrowsAny<ArgumentException>(() => read(null!));
            Assert.Throws<LowrankException>(() => read(""));
        }
    }

    [Theory]
    [InlineData("plain words")]
    [InlineData("a fox, \"quoted\"\nNegative prompt: bad\nSteps: 20, Sampler: Euler a")]
    [InlineData("café, naïve")]
    [InlineData("狐 в снегу 🦊")]
    public void PixelsAndTextComeBackAsTheyWereSaved(string text)
    {
        var picture = Gradient(19, 7);
        PictureFile.Save(File("a.png"), picture, text);
        var got = PictureFile.Read(File("a.png"));
        Assert.Equal((19, 7), (got.Width, got.Height));
        Assert.Equal(picture.Pixels, got.Pixels);
        Assert.Equal(text, got.InfoText);
        Assert.Equal(text, PictureFile.ReadInfoText(File("a.png")));
        Assert.Equal((19, 7), PictureFile.ReadSize(File("a.png")));
        Assert.Equal(["a.png"], Directory.GetFiles(folder).Select(Path.GetFileName));
    }

    [Fact]
    public void LatinLettersAreWrittenAsTheStandardSays()
    {
        byte[] png = PictureFile.PngBytes(Gradient(2, 2), "é");
        Assert.Contains("tEXtparameters\0é", System.Text.Encoding.Latin1.GetString(png));
    }

    [Fact]
    public void WithoutTextThereIsNone()
    {
        PictureFile.Save(File("a.png"), Gradient(3, 3));
        Assert.Null(PictureFile.ReadInfoText(File("a.png")));
    }

    [Fact]
    public void ATurnedPhotographIsSetUpright()
    {
        using var image = Vips(Gradient(16, 8)).Mutate(m => m.Set(GValue.GIntType, "orientation", 6));
        image.Jpegsave(File("turned.jpg"), q: 100);
        var got = PictureFile.Read(File("turned.jpg"));
        Assert.Equal((8, 16), (got.Width, got.Height));
        Assert.Equal((8, 16), PictureFile.ReadSize(File("turned.jpg")));
    }

    [Fact]
    public void WhatIsTransparentIsWhite()
    {
        using var image = Vips(Picture.Filled(4, 4, 200, 0, 0)).Bandjoin(0);
        image.Pngsave(File("clear.png"));
        Assert.All(PictureFile.Read(File("clear.png")).Pixels, value => Assert.Equal(255, value));
    }

    [Fact]
    public void GreySixteenBitsAndCmykBecomeRgb()
    {
        using var grey = (Image.Black(4, 4) + 100).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Bw);
        grey.Pngsave(File("grey.png"));
        Assert.All(PictureFile.Read(File("grey.png")).Pixels, value => Assert.Equal(100, value));

        using var deep = (Image.Black(4, 4, 3) + 100 * 257).Cast(Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Rgb16);
        deep.Pngsave(File("deep.png"));
        Assert.All(PictureFile.Read(File("deep.png")).Pixels, value => Assert.InRange(value, 99, 101));

        using var deepClear = (Image.Black(4, 4, 3) + 100 * 257).Bandjoin(0).Cast(Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Rgb16);
        deepClear.Pngsave(File("deepclear.png"));
        Assert.All(PictureFile.Read(File("deepclear.png")).Pixels, value => Assert.Equal(255, value));

        using var inks = Image.Black(4, 4, 4).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Cmyk);
        inks.Tiffsave(File("inks.tif"));
        Assert.All(PictureFile.Read(File("inks.tif")).Pixels, value => Assert.InRange(value, 250, 255));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(600)]
    public void ABrokenFileIsNamed(int length)
    {
        System.IO.File.WriteAllBytes(File("broken.png"), PictureFile.PngBytes(Gradient(64, 64))[..length]);
        Assert.Contains("broken.png", Assert.Throws<LowrankException>(() => PictureFile.Read(File("broken.png"))).Message);
    }

    [Fact]
    public void AFileWithDamagedPixelsIsNamed()
    {
        byte[] png = PictureFile.PngBytes(Gradient(200, 200));
        png[png.Length / 2] ^= 255;
        System.IO.File.WriteAllBytes(File("damaged.png"), png);
        Assert.Contains("damaged.png", Assert.Throws<LowrankException>(() => PictureFile.Read(File("damaged.png"))).Message);
    }

    [Fact]
    public void AMissingFileIsNamed() =>
        Assert.Contains("nowhere.png", Assert.Throws<LowrankException>(() => PictureFile.Read(File("nowhere.png"))).Message);

    [Theory]
    [InlineData("cut.png"), InlineData("cut.jpg"), InlineData("cut.webp"), InlineData("cut.gif"), InlineData("cut.avif")]
    public void AFileThatIsBrokenOffIsToldAsThat(string name)
    {
        PictureFile.Save(File(name), Gradient(64, 48), "a fox");
        PictureFile.RequireWhole(File(name));
        byte[] whole = System.IO.File.ReadAllBytes(File(name));
        System.IO.File.WriteAllBytes(File(name), whole[..(whole.Length * 2 / 3)]);
        foreach (var read in new Action<string>[] { path => PictureFile.Read(path), PictureFile.RequireWhole })
            Assert.Equal($"{File(name)} ends too early to be a whole picture. Was it written, or copied, to its end?", Assert.Throws<LowrankException>(() => read(File(name))).Message);
    }

    [Fact]
    public void APngThatLacksItsLastByteIsNotWhole()
    {
        byte[] whole = PictureFile.PngBytes(Gradient(5, 3), "a fox");
        System.IO.File.WriteAllBytes(File("cut.png"), whole[..^1]);
        Assert.Equal("a fox", PictureFile.ReadInfoText(File("cut.png")));
        Assert.Throws<LowrankException>(() => PictureFile.RequireWhole(File("cut.png")));
    }
}
