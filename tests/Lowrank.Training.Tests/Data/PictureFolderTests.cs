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

    PictureFolder Read() => PictureFolder.Read(folder.Path);

    string Fault() => Assert.Throws<LowrankException>(Read).Message;

    string OnlyCaption() => Assert.Single(Read().Pictures).Caption;

    static string NotUsed(PictureFolder read, string name) => Assert.Single(read.Account.NotUsed, line => line.Name == name).Text;

    static string Taken(PictureFolder read, string name) =>
        Assert.Single(read.Account.Lines, line => line.Name == name && !line.NotUsed).Text;

    [Fact]
    public void FoldersOfRepeatsAndClassTokensAreReadAsKohyaDoes()
    {
        Put("2_sks cat/b.png");
        Put("2_sks cat/a.PNG", " tall cat \nsecond line");
        Put("03_toy/c.webp", "a toy", ".caption");
        var read = Read();
        Assert.Equal(["a toy|3|03_toy", "tall cat|2|2_sks cat", "sks cat|2|2_sks cat"], read.Pictures.Select(p => $"{p.Caption}|{p.Repeats}|{p.Folder}"));
        Assert.Equal(["captions_with_more_lines"], read.Account.NotUsed.Select(line => line.Name));
        Assert.Equal(7, read.Count);
    }

    [Fact]
    public void AFlatFolderShowsEachPictureOnce()
    {
        Put("a.png", "first");
        Put("b.jpg", "second");
        var read = Read();
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
        var read = Read();
        Assert.Single(read.Pictures);
        Assert.Contains("lonely.txt", NotUsed(read, "captions_alone"));
        Assert.Contains("drafts", NotUsed(read, "folders_passed_over"));
        Assert.Contains("e.png", NotUsed(read, "pictures_beside_folders"));
    }

    [Fact]
    public void APictureWithoutCaptionInAFlatFolderIsAWarning()
    {
        Put("a.png", "first");
        Put("b.png");
        Assert.Contains("b.png", NotUsed(Read(), "captions_missing"));
    }

    [Fact]
    public void TextBesideNoPictureAtAllIsNoCaption()
    {
        Put("1_thing/a.png");
        File.WriteAllText(folder["README.txt"], "about these");
        Assert.Empty(Read().Account.NotUsed);
    }

    [Fact]
    public void AnEmptyCaptionFileIsNone()
    {
        Put("1_sks cat/a.png", " \n");
        Assert.Equal("sks cat", OnlyCaption());
    }

    [Fact]
    public void ACaptionWithAByteOrderMarkAndWindowsLinesIsReadClean()
    {
        Put("a.png");
        File.WriteAllText(folder["a.txt"], "träume\r\nnotes", new System.Text.UTF8Encoding(true));
        Assert.Equal("träume", OnlyCaption());
    }

    [Fact]
    public void ACaptionThatIsNoTextIsAnErrorThatNamesIt()
    {
        Put("a.png");
        File.WriteAllBytes(folder["a.txt"], [0xff, 0xfe, 0x41, 0x00]);
        Assert.Contains("a.txt", Fault());
    }

    [Fact]
    public void AMissingFolderIsAnErrorThatNamesIt() =>
        Assert.Contains("nowhere", Assert.Throws<LowrankException>(() => PictureFolder.Read(folder["nowhere"])).Message);

    [Fact]
    public void AFolderWithoutPicturesIsAnErrorThatSaysWhatToDo()
    {
        File.WriteAllText(folder["notes.txt"], "nothing here");
        string fault = Fault();
        Assert.Contains("no pictures in", fault);
        Assert.Contains(".png", fault);
    }

    [Theory, InlineData("10_sks dog", 10, "sks dog"), InlineData(" 4_space", 4, "space"), InlineData("7", 7, ""), InlineData("1_", 1, ""), InlineData("+3_x", 3, "x"), InlineData("5_two_words", 5, "two_words")]
    public void ANameGivesRepeatsAndClassTokens(string name, int repeats, string tokens) => Assert.Equal((repeats, tokens), PictureFolder.ParseName(name));

    [Theory, InlineData("dog"), InlineData("0_zero"), InlineData("-1_x"), InlineData("2.5_x"), InlineData("1e1_x"), InlineData("x5_bad")]
    public void OtherNamesAreNoFoldersOfPictures(string name) => Assert.Null(PictureFolder.ParseName(name));

    [Fact]
    public void EveryPictureThatCanBeReadIsTakenWhateverItsEndingAndEveryOtherIsNamed()
    {
        Put("3_x/p0.png", "a dot");
        foreach (var name in new[] { "g.gif", "j.jfif", "b.BMP", "t.tif", "of-a-png.heic", "more/p1.png" }) Put($"3_x/{name}");
        File.WriteAllBytes(folder["3_x/true.heic"], [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8]);
        File.WriteAllText(folder["3_x/clip.mp4"], "moves");
        var read = Read();
        Assert.Equal(["b.BMP", "g.gif", "j.jfif", "of-a-png.heic", "p0.png", "t.tif"], read.Pictures.Select(p => Path.GetFileName(p.Path)));
        Assert.Contains("true.heic", NotUsed(read, "pictures_unread"));
        Assert.Contains(Path.Combine("more", "p1.png"), NotUsed(read, "pictures_in_deeper_folders"));
        Assert.Contains("1 .mp4", NotUsed(read, "other_files"));
        Assert.Contains("1 of 6 pictures", Taken(read, "captions"));
        Assert.Contains("5 pictures", Taken(read, "captions_by_folder"));
    }

    [Fact]
    public void WhereNoPictureIsTakenThoseThatLieThereAreNamed()
    {
        File.WriteAllText(folder["a.heic"], "no picture that can be read");
        Put("512/b.png");
        string fault = Fault();
        Assert.Contains("a.heic", fault);
        Assert.Contains("512 (1 picture)", fault);
    }

    [Fact]
    public void AFolderNamedAfterASizeIsNotShownAsOften()
    {
        Put("512/a.png", "a");
        var read = PictureFolder.Read(folder["512"]);
        Assert.Equal(1, Assert.Single(read.Pictures).Repeats);
        Assert.Contains("each once an epoch", Taken(read, "pictures"));
    }

    [Theory, InlineData(".TXT"), InlineData(".caption"), InlineData(".Caption")]
    public void ACaptionIsReadInAnyCaseOfItsEnding(string ending)
    {
        Put("2_x/a.png", "a fox", ending);
        Assert.Equal("a fox", OnlyCaption());
    }

    [Theory, InlineData("{\"caption\": \"a fox\"}"), InlineData("{\"tags\": [1], \"text\": \"a fox\"}")]
    public void ACaptionIsReadOutOfJson(string json)
    {
        Put("2_x/a.png", json, ".json");
        Assert.Equal("a fox", OnlyCaption());
    }

    [Fact]
    public void JsonWithoutACaptionIsNamed()
    {
        Put("2_x/a.png", "{\"width\": 3}", ".json");
        Assert.Contains("a.json holds no text under \"caption\"", NotUsed(Read(), "captions_empty"));
        File.WriteAllText(folder["2_x/a.json"], "{");
        Assert.Contains("is no JSON", Fault());
    }

    [Theory, InlineData("."), InlineData("2_x")]
    public void CaptionsOfAListAreReadInTheFolderAndAboveIt(string at)
    {
        Put("2_x/a.png");
        Put("2_x/b.png");
        string inside = at == "." ? "2_x/" : "";
        File.WriteAllText(folder[$"{at}/metadata.jsonl"], $$"""
            {"file_name": "{{inside}}a.png", "text": "a fox"}
            {"file_name": "{{inside}}b.png", "caption": "a hen"}
            {"file_name": "{{inside}}gone.png", "text": "nobody"}
            {"file_name": "{{inside}}a.png"}
            """);
        var read = Read();
        Assert.Equal(["a fox", "a hen"], read.Pictures.Select(p => p.Caption));
        Assert.Contains("gone.png", NotUsed(read, "captions_alone"));
        Assert.Contains("4", NotUsed(read, "captions_unread"));
    }

    [Fact]
    public void AListOfCommaSeparatedValuesIsReadAsOneOfJson()
    {
        foreach (var name in new[] { "a", "b", "c" }) Put($"2_x/{name}.png");
        File.WriteAllText(folder["metadata.csv"], "id,file_name,text\r\n1,2_x/a.png,\"a \"\"red\"\" fox, asleep\"\r\n\r\n2,2_x/b.png,\"a hen\nfrom above\"\r\n3,2_x/c.png,\r\n4,2_x/gone.png,nobody\r\n5\r\n", new System.Text.UTF8Encoding(true));
        var read = Read();
        Assert.Equal(["a \"red\" fox, asleep", "a hen", "x"], read.Pictures.Select(p => p.Caption));
        Assert.Contains("2_x/c.png (line 6)", NotUsed(read, "captions_empty"));
        Assert.Contains("gone.png", NotUsed(read, "captions_alone"));
        Assert.Contains("8", NotUsed(read, "captions_unread"));
        Assert.Contains("b.png", NotUsed(read, "captions_with_more_lines"));
        Assert.DoesNotContain(read.Account.NotUsed, line => line.Name == "other_files");
    }

    [Fact]
    public void OfTwoListsTheSecondCountsAndThatIsNamed()
    {
        Put("2_x/a.png");
        File.WriteAllText(folder["metadata.jsonl"], """{"file_name": "2_x/a.png", "text": "first"}""");
        File.WriteAllText(folder["metadata.csv"], "file_name,caption\n2_x/a.png,second\n");
        var read = Read();
        Assert.Equal("second", Assert.Single(read.Pictures).Caption);
        Assert.Contains("metadata.csv tells another caption", NotUsed(read, "captions_doubled"));
    }

    [Fact]
    public void AListWithAnOpenQuoteIsAnErrorThatNamesTheLine()
    {
        Put("2_x/a.png");
        File.WriteAllText(folder["metadata.csv"], "file_name,text\n2_x/a.png,\"no end\n");
        string fault = Fault();
        Assert.Contains("metadata.csv cannot be read as comma-separated values", fault);
        Assert.Contains("line 2", fault);
    }

    [Fact]
    public void ACaptionWithACommaOutsideQuotesIsAnErrorAndIsNotCutShort()
    {
        Put("man.png");
        File.WriteAllText(folder["metadata.csv"], "\n \nfile_name,text\n\nman.png,a cat, on a chair, mystyle\n");
        string fault = Fault();
        Assert.Contains("line 5 has 4 cells, and the header names 2", fault);
        Assert.Contains("quotes", fault);
    }

    [Theory]
    [InlineData("metadata.csv", "file_name,text,text\na.png,first,second\n", "a.png (line 2)")]
    [InlineData("metadata.csv", "\nfile_name,text,caption\na.png,second,first\n", "a.png (line 3)")]
    [InlineData("metadata.csv", "file_name,caption,text\na.png,,first\n", null)]
    [InlineData("metadata.csv", "file_name,caption,text\na.png,first, first\n", null)]
    [InlineData("metadata.jsonl", """{"file_name": "a.png", "text": "second", "caption": "first"}""", "a.png (line 1)")]
    [InlineData("metadata.jsonl", """{"file_name": "a.png", "text": "first", "text": "second"}""", "a.png (line 1)")]
    [InlineData("metadata.jsonl", """{"file_name": "a.png", "text": "first", "caption": " "}""", null)]
    public void OfTwoTextsForOnePictureTheOtherIsNamed(string list, string text, string? told)
    {
        Put("a.png");
        File.WriteAllText(folder[list], text);
        var read = Read();
        Assert.Equal("first", Assert.Single(read.Pictures).Caption);
        if (told is null) Assert.Empty(read.Account.NotUsed);
        else Assert.Contains(told, NotUsed(read, "captions_beside"));
    }

    [Fact]
    public void OfTwoTextsInACaptionFileTheOtherIsNamed()
    {
        Put("a.png", """{"text": "second", "caption": "first"}""", ".json");
        Assert.Equal("first", OnlyCaption());
        Assert.Contains("another text in", NotUsed(Read(), "captions_passed_over"));
    }

    [Fact]
    public void LinesOfAListAreCountedFromItsTop()
    {
        Put("a.png");
        File.WriteAllText(folder["metadata.jsonl"], "\n\n{\n");
        string fault = Fault();
        Assert.Contains($"line 3 of {folder["metadata.jsonl"]} is no JSON", fault);
        Assert.DoesNotContain("LineNumber", fault);
    }

    [Fact]
    public void AListThatIsNoUtf8IsCalledAList()
    {
        Put("a.png");
        File.WriteAllBytes(folder["metadata.csv"], [0xff, 0xfe, 0x41, 0x00]);
        Assert.Contains($"the list of captions {folder["metadata.csv"]} is UTF-16 text", Fault());
    }

    [Fact]
    public void AnEmptyCaptionFileHidesNoFilledOneAndASecondFilledOneIsNamed()
    {
        Put("2_x/a.png", "", ".txt");
        File.WriteAllText(folder["2_x/a.caption"], "from caption");
        Put("2_x/b.png", "first");
        File.WriteAllText(folder["2_x/b.caption"], "second");
        var read = Read();
        Assert.Equal(["from caption", "first"], read.Pictures.Select(p => p.Caption));
        Assert.Contains("b.caption", NotUsed(read, "captions_passed_over"));
        Assert.DoesNotContain(read.Account.NotUsed, line => line.Name == "captions_empty");
    }

    [Fact]
    public void ACaptionOfSeveralLinesIsNamed()
    {
        Put("a.png", "one\ntwo");
        Assert.Contains("a.png", NotUsed(Read(), "captions_with_more_lines"));
    }

    [Fact]
    public void MasksAreNeverLearntAsPicturesAndAreNamed()
    {
        Put("3_x/p0.png", "a dot");
        Put("3_x/p0-masklabel.png");
        Put("3_x/p0-CondLabel.png");
        var read = Read();
        Assert.Single(read.Pictures);
        Assert.Contains("p0-masklabel.png", NotUsed(read, "masks"));
        Assert.Contains("p0-CondLabel.png", NotUsed(read, "masks"));
    }

    [Fact]
    public void OfAListADoubledLineAnEmptyTextAndAPictureElsewhereAreNamed()
    {
        Put("2_x/a.png");
        Put("2_x/b.png");
        Put("other/c.png");
        File.WriteAllText(folder["metadata.jsonl"], """
            {"file_name": "2_x/a.png", "text": "first"}
            {"file_name": "2_x/a.png", "text": "second"}
            {"file_name": "2_x/b.png", "text": " "}
            {"file_name": "other/c.png", "text": "outside"}
            """);
        var read = Read();
        Assert.Equal(["second", "x"], read.Pictures.Select(p => p.Caption));
        Assert.Contains("2_x/a.png (line 2)", NotUsed(read, "captions_doubled"));
        Assert.Contains("2_x/b.png (line 3)", NotUsed(read, "captions_empty"));
        Assert.Contains("c.png", NotUsed(read, "captions_elsewhere"));
        Assert.Contains("1 of 2 pictures", Taken(read, "captions"));
    }

    [Fact]
    public void AFolderOfCaptionsAloneAndOneOfNoSuchNumberOfRepeatsAreNamed()
    {
        Put("2_x/a.png", "a fox");
        File.WriteAllText(folder["5_dog/b.txt"], "a dog");
        Put("0_zero/c.png");
        Put("99999999999_big/d.png");
        var read = Read();
        Assert.Contains("5_dog (1 caption)", NotUsed(read, "folders_without_pictures"));
        Assert.Contains("0_zero (1 picture)", NotUsed(read, "folders_out_of_range"));
        Assert.Contains("99999999999_big", NotUsed(read, "folders_out_of_range"));
        Assert.DoesNotContain(read.Account.NotUsed, line => line.Name == "folders_passed_over");
    }

    [Fact]
    public void EveryCaptionThatCannotBeReadIsNamedInOneList()
    {
        Put("2_x/a.png");
        Put("2_x/b.png", "{", ".json");
        Put("2_x/c.png");
        File.WriteAllBytes(folder["2_x/a.txt"], [0xff, 0xfe, 0x41, 0x00]);
        File.WriteAllBytes(folder["2_x/c.txt"], [0x74, 0xe4]);
        File.WriteAllText(folder["metadata.jsonl"], "[\n{\n");
        string fault = Fault();
        Assert.Contains("4 captions cannot be read", fault);
        Assert.Contains("a.txt is UTF-16 text", fault);
        Assert.Contains("b.json is no JSON", fault);
        Assert.Contains("c.txt is no UTF-8 text", fault);
        Assert.Contains("line 2 of", fault);
    }

    [Fact]
    public void APictureInPlaceOfAFolderIsCalledAFile()
    {
        Put("bear.png");
        Assert.Contains("bear.png is a file", Assert.Throws<LowrankException>(() => PictureFolder.Read(folder["bear.png"])).Message);
    }

    [Fact]
    public void HiddenFilesAreNoPictures()
    {
        Put("3_x/p0.png", "a dot");
        File.WriteAllBytes(folder["3_x/._p0.png"], [0, 5, 22, 7]);
        File.WriteAllText(folder["3_x/.DS_Store"], "x");
        File.WriteAllText(folder["3_x/Thumbs.db"], "x");
        var read = Read();
        Assert.Single(read.Pictures);
        Assert.Empty(read.Account.NotUsed);
        Assert.Contains("1 companion file of macOS", Taken(read, "companion_files"));
        Put("3_x/.p1.png");
        Assert.Contains(".p1.png", NotUsed(Read(), "hidden_pictures"));
    }

    public void Dispose() => folder.Dispose();
}
