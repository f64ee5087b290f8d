using System.IO.Compression;
using System.Text;
using NetVips;

namespace Lowrank.Diffusion.Tests;

public sealed class PictureTextsTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("lowrank-texts").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string File(string name) => Path.Combine(folder, name);

    static Picture Noise(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        new Random(3).NextBytes(pixels);
        return new Picture(width, height, pixels);
    }

    [Theory]
    [InlineData(".png")]
    [InlineData(".jpg")]
    [InlineData(".JPEG")]
    [InlineData(".webp")]
    [InlineData(".avif")]
    [InlineData(".gif")]
    public void TheTextComesBackFromEveryFormat(string ending)
    {
        foreach (string text in new[] { "plain", "café", "狐 в снегу 🦊\nSteps: 1, Seed: 2, Size: 8x8", new string('x', 9000) })
        {
            PictureFile.Save(File("a" + ending), Noise(17, 9), text);
            Assert.Equal(text, PictureFile.ReadInfoText(File("a" + ending)));
            Assert.Equal(text, PictureFile.Read(File("a" + ending)).InfoText);
        }
        PictureFile.Save(File("b" + ending), Noise(17, 9));
        Assert.Null(PictureFile.ReadInfoText(File("b" + ending)));
    }

    [Theory]
    [InlineData("webp")]
    [InlineData("avif")]
    [InlineData("png")]
    public void WithoutLossEveryPixelStays(string format)
    {
        var picture = Noise(31, 20);
        var encoding = new PictureEncoding(PictureFormat.Named(format)) { Lossless = format != "png" };
        PictureFile.Save(File("a.bin"), picture, "x", encoding);
        Assert.Equal(picture.Pixels, PictureFile.Read(File("a.bin")).Pixels);
    }

    [Fact]
    public void MoreQualityTakesMoreBytes()
    {
        var picture = Noise(64, 64);
        foreach (string format in new[] { "jpg", "webp", "avif" })
        {
            var encoding = new PictureEncoding(PictureFormat.Named(format));
            Assert.True((encoding with { Quality = 95 }).Bytes(picture).Length > (encoding with { Quality = 30 }).Bytes(picture).Length);
        }
    }

    [Fact]
    public void ComfyUisTextsStandBesideTheOther()
    {
        PictureFile.Save(File("a.png"), Noise(4, 4), "how", others: [new("prompt", "{\"1\": {}}"), new("workflow", "{\"é狐\": 1}")]);
        var texts = PictureFile.ReadTexts(File("a.png"));
        Assert.Equal(("how", "{\"1\": {}}", "{\"é狐\": 1}"), (texts.InfoText, texts["prompt"], texts["workflow"]));
        Assert.Equal(["prompt", "workflow"], texts.Others.Select(one => one.Key));
        var error = Assert.Throws<LowrankException>(() => PictureFile.Save(File("a.jpg"), Noise(4, 4), "how", others: [new("prompt", "{}")]));
        Assert.Contains("no room for prompt", error.Message);
    }

    [Fact]
    public void ATextThatAJpegCannotHoldIsAnError()
    {
        PictureFile.Save(File("a.jpg"), Noise(4, 4), new string('狐', 32_000));
        Assert.Equal(32_000, PictureFile.ReadInfoText(File("a.jpg"))!.Length);
        Assert.Contains("32001 characters", Assert.Throws<LowrankException>(() => PictureFile.Save(File("a.jpg"), Noise(4, 4), new string('狐', 32_001))).Message);
    }

    [Fact]
    public void APictureTooWideForAFormatIsAnError()
    {
        var wide = Picture.Filled(20_000, 2, 1, 2, 3);
        Assert.Contains("20000x2", Assert.Throws<LowrankException>(() => PictureFile.Save(File("a.webp"), wide)).Message);
        PictureFile.Save(File("a.png"), wide, "wide");
        PictureFile.Save(File("a.jpg"), wide, "wide");
        Assert.Equal((20_000, 2), (PictureFile.Read(File("a.jpg")).Width, PictureFile.Read(File("a.jpg")).Height));
    }

    [Fact]
    public void AFormatWithLossCannotBeWithoutIt() =>
        Assert.Contains("jpeg loses pixels", Assert.Throws<LowrankException>(() => (new PictureEncoding(PictureFormat.Named("jpeg")) { Lossless = true }).Bytes(Noise(2, 2))).Message);

    [Fact]
    public void AnUnknownEndingIsAnError()
    {
        Assert.Contains(".webp", Assert.Throws<LowrankException>(() => PictureFile.Save(File("a.xyz"), Noise(2, 2))).Message);
        Assert.Contains("png", Assert.Throws<LowrankException>(() => PictureFormat.Named("xyz")).Message);
    }

    [Fact]
    public void AJpegThatIsCalledPngIsReadAndNamed()
    {
        PictureFile.Save(File("a.jpg"), Noise(8, 8), "how");
        System.IO.File.Move(File("a.jpg"), File("a.png"));
        Assert.Equal("how", PictureFile.Read(File("a.png")).InfoText);
        Assert.Contains("is called png and is jpeg", PictureSignature.Mismatch(File("a.png")));
        PictureFile.Save(File("b.png"), Noise(8, 8));
        Assert.Null(PictureSignature.Mismatch(File("b.png")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void UnicodeOfEitherByteOrderIsRead(bool isBig)
    {
        byte[] exif = ExifComment.Of("a fox, 狐");
        Assert.Equal("a fox, 狐", ExifComment.Read(exif));
        if (!isBig) Encoding.Unicode.GetBytes("a fox, 狐").CopyTo(exif, exif.AsSpan().IndexOf("UNICODE\0"u8) + 8);
        Assert.Equal("a fox, 狐", ExifComment.Read(exif));
    }

    [Fact]
    public void DamagedExifHoldsNoText()
    {
        byte[] exif = ExifComment.Of("a fox in the snow");
        for (int length = 0; length < exif.Length - 1; length++) Assert.Null(ExifComment.Read(exif.AsSpan(0, length)));
        for (int i = 0; i < 48; i++)
        {
            byte[] damaged = [.. exif];
            damaged[i] ^= 0xff;
            _ = ExifComment.Read(damaged);   // whatever it says, it does not throw
        }
    }

    [Fact]
    public void DamagedGifsHoldNoTextAndDoNotThrow()
    {
        PictureFile.Save(File("a.gif"), Noise(9, 9), "how");
        byte[] gif = System.IO.File.ReadAllBytes(File("a.gif"));
        for (int length = 0; length < gif.Length; length++) _ = GifComment.Find(gif.AsSpan(0, length));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatNovelAiHidesInAlphaIsRead(bool isPacked)
    {
        const string told = """{"Software": "NovelAI", "Description": "a fox", "Comment": "{\"steps\": 28, \"sampler\": \"k_euler\", \"scale\": 5, \"uc\": \"bad\", \"seed\": 7}"}""";
        byte[] text = Encoding.UTF8.GetBytes(told);
        if (isPacked)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(text);
            text = packed.ToArray();
        }
        byte[] all = [.. Encoding.ASCII.GetBytes(isPacked ? "stealth_pngcomp" : "stealth_pnginfo"), 0, 0, (byte)(8 * text.Length >> 8), (byte)(8 * text.Length), .. text];
        const int width = 61, height = 53;
        var pixels = Enumerable.Repeat((byte)254, 4 * width * height).ToArray();
        for (int bit = 0; bit < 8 * all.Length; bit++)
            if ((all[bit / 8] >> (7 - bit % 8) & 1) != 0) pixels[4 * (bit % height * width + bit / height) + 3] = 255;
        using (var image = Image.NewFromMemory(pixels, width, height, 4, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb)) image.Pngsave(File("a.png"));
        Assert.Equal("a fox\nNegative prompt: bad\nSteps: 28, Sampler: Euler, CFG scale: 5, Seed: 7, Size: 61x53, Clip skip: 2, ENSD: 31337", PictureFile.ReadInfoText(File("a.png")));
    }

    [Fact]
    public void AnAlphaChannelThatHidesNothingIsNoText()
    {
        Assert.Null(StealthText.Find(new byte[100], 10, 10));
        Assert.Null(StealthText.Find(new byte[100_000], 1000, 100));
        Assert.Null(StealthText.Find([], 0, 0));
    }
}
