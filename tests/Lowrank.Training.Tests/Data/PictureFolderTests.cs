namespace Lowrank.Training.Tests;

public sealed class PictureFolderTests : IDisposable
{
    static readonly byte[] tinyPng = PictureFile.PngBytes(Lowrank.Diffusion.Picture.Filled(2, 2, 9, 9, 9));

    readonly TemporaryFolder folder = new();

    void Put(string name, string? caption = null, string ending = ".txt")
    {
        File.WriteAllBytes(folder[name], tinyPng);
        if (caption is not null) File.WriteAllText(Path.ChangeExtension(folder[name], ending), caption);
    }

    [Fact]
    public void FoldersOfRepeatsAndClassTokensAreReadAsKohyaDoes()
    {
        Put("2_sks cat/b.png");
        Put("2_sks cat/a.PNG", " tall cat \nsecond line");
        Put("03_toy/c.webp", "a toy", ".caption");
        var read = PictureFolder.Read(folder.Path);
        Assert.Equal(["a toy|3|03_toy", "tall cat|2|2_sks cat", "sks cat|2|2_sks cat"], read.Pictures.Select(p => $"{p.Caption}|{p.Repeats}|{p.Folder}"));
        Assert.Empty(read.Warnings);
        Assert.Equal(7, read.Count);
    }

    [Fact]
    public void AFlatFolderShowsEachPictureOnce()
    {
        Put("a.png", "first");
        Put("b.jpg", "second");
        var read = PictureFolder.Read(folder.Path);
        Assert.Equal(["first|1", "second|1"], read.Pictures.Select(p => $"{p.Caption}|{p.Repeats}"));
    }

    [Fact]
    public void TheInnerFolderOfTheConventionCanBeNamedItself()
    {
        Put("4_ink drawing/a.png");
        var picture = Assert.Single(PictureFolder.Read(folder["4_ink drawing"]).Pictures);
        Assert.Equal(("ink drawing", 4), (picture.Caption, picture.Repeats));
    }

    [Fact]
    public void WhatLooksLikeASlipIsAWarningThatNamesIt()
    {
        Put("1_thing/a.png");
        File.WriteAllText(folder["1_thing/lonely.txt"], "no picture");
        Put("drafts/d.png");
        Put("e.png");
        var read = PictureFolder.Read(folder.Path);
        Assert.Single(read.Pictures);
        Assert.Contains(read.Warnings, w => w.Contains("lonely.txt"));
        Assert.Contains(read.Warnings, w => w.Contains("drafts"));
        Assert.Contains(read.Warnings, w => w.Contains("pictures directly in"));
    }

    [Fact]
    public void APictureWithoutCaptionInAFlatFolderIsAWarning()
    {
        Put("a.png", "first");
        Put("b.png");
        Assert.Contains("b.png", Assert.Single(PictureFolder.Read(folder.Path).Warnings));
    }

    [Fact]
    public void TextBesideNoPictureAtAllIsNoCaption()
    {
        Put("1_thing/a.png");
        File.WriteAllText(folder["README.txt"], "about these");
        Assert.Empty(PictureFolder.Read(folder.Path).Warnings);
    }

    [Fact]
    public void AnEmptyCaptionFileIsNone()
    {
        Put("1_sks cat/a.png", " \n");
        Assert.Equal("sks cat", Assert.Single(PictureFolder.Read(folder.Path).Pictures).Caption);
    }

    [Fact]
    public void ACaptionWithAByteOrderMarkAndWindowsLinesIsReadClean()
    {
        Put("a.png");
        File.WriteAllText(folder["a.txt"], "träume\r\nnotes", new System.Text.UTF8Encoding(true));
        Assert.Equal("träume", Assert.Single(PictureFolder.Read(folder.Path).Pictures).Caption);
    }

    [Fact]
    public void ACaptionThatIsNoTextIsAnErrorThatNamesIt()
    {
        Put("a.png");
        File.WriteAllBytes(folder["a.txt"], [0xff, 0xfe, 0x41, 0x00]);
        Assert.Contains("a.txt", Assert.Throws<LowrankException>(() => PictureFolder.Read(folder.Path)).Message);
    }

    [Fact]
    public void AMissingFolderIsAnErrorThatNamesIt() =>
        Assert.Contains("nowhere", Assert.Throws<LowrankException>(() => PictureFolder.Read(folder["nowhere"])).Message);

    [Fact]
    public void AFolderWithoutPicturesIsAnErrorThatSaysWhatToDo()
    {
        File.WriteAllText(folder["notes.txt"], "nothing here");
        string fault = Assert.Throws<LowrankException>(() => PictureFolder.Read(folder.Path)).Message;
        Assert.Contains("no pictures in", fault);
        Assert.Contains(".png", fault);
    }

    [Theory, InlineData("10_sks dog", 10, "sks dog"), InlineData(" 4_space", 4, "space"), InlineData("7", 7, ""), InlineData("1_", 1, ""), InlineData("+3_x", 3, "x"), InlineData("5_two_words", 5, "two_words")]
    public void ANameGivesRepeatsAndClassTokens(string name, int repeats, string tokens) => Assert.Equal((repeats, tokens), PictureFolder.ParseName(name));

    [Theory, InlineData("dog"), InlineData("0_zero"), InlineData("-1_x"), InlineData("2.5_x"), InlineData("1e1_x"), InlineData("x5_bad")]
    public void OtherNamesAreNoFoldersOfPictures(string name) => Assert.Null(PictureFolder.ParseName(name));

    public void Dispose() => folder.Dispose();
}
