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
    public void Folders_of_repeats_and_class_tokens_are_read_as_kohya_does()
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
    public void A_flat_folder_shows_each_picture_once()
    {
        Put("a.png", "first");
        Put("b.jpg", "second");
        var read = PictureFolder.Read(folder.Path);
        Assert.Equal(["first|1", "second|1"], read.Pictures.Select(p => $"{p.Caption}|{p.Repeats}"));
    }

    [Fact]
    public void The_inner_folder_of_the_convention_can_be_named_itself()
    {
        Put("4_ink drawing/a.png");
        var picture = Assert.Single(PictureFolder.Read(folder["4_ink drawing"]).Pictures);
        Assert.Equal(("ink drawing", 4), (picture.Caption, picture.Repeats));
    }

    [Fact]
    public void What_looks_like_a_slip_is_a_warning_that_names_it()
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
    public void A_picture_without_caption_in_a_flat_folder_is_a_warning()
    {
        Put("a.png", "first");
        Put("b.png");
        Assert.Contains("b.png", Assert.Single(PictureFolder.Read(folder.Path).Warnings));
    }

    [Fact]
    public void Text_beside_no_picture_at_all_is_no_caption()
    {
        Put("1_thing/a.png");
        File.WriteAllText(folder["README.txt"], "about these");
        Assert.Empty(PictureFolder.Read(folder.Path).Warnings);
    }

    [Fact]
    public void An_empty_caption_file_is_none()
    {
        Put("1_sks cat/a.png", " \n");
        Assert.Equal("sks cat", Assert.Single(PictureFolder.Read(folder.Path).Pictures).Caption);
    }

    [Fact]
    public void A_caption_with_a_byte_order_mark_and_windows_lines_is_read_clean()
    {
        Put("a.png");
        File.WriteAllText(folder["a.txt"], "träume\r\nnotes", new System.Text.UTF8Encoding(true));
        Assert.Equal("träume", Assert.Single(PictureFolder.Read(folder.Path).Pictures).Caption);
    }

    [Fact]
    public void A_caption_that_is_no_text_is_an_error_that_names_it()
    {
        Put("a.png");
        File.WriteAllBytes(folder["a.txt"], [0xff, 0xfe, 0x41, 0x00]);
        Assert.Contains("a.txt", Assert.Throws<LowrankException>(() => PictureFolder.Read(folder.Path)).Message);
    }

    [Fact]
    public void A_missing_folder_is_an_error_that_names_it() =>
        Assert.Contains("nowhere", Assert.Throws<LowrankException>(() => PictureFolder.Read(folder["nowhere"])).Message);

    [Fact]
    public void A_folder_without_pictures_is_an_error_that_says_what_to_do()
    {
        File.WriteAllText(folder["notes.txt"], "nothing here");
        string fault = Assert.Throws<LowrankException>(() => PictureFolder.Read(folder.Path)).Message;
        Assert.Contains("no pictures in", fault);
        Assert.Contains(".png", fault);
    }

    [Theory, InlineData("10_sks dog", 10, "sks dog"), InlineData(" 4_space", 4, "space"), InlineData("7", 7, ""), InlineData("1_", 1, ""), InlineData("+3_x", 3, "x"), InlineData("5_two_words", 5, "two_words")]
    public void A_name_gives_repeats_and_class_tokens(string name, int repeats, string tokens) => Assert.Equal((repeats, tokens), PictureFolder.ParseName(name));

    [Theory, InlineData("dog"), InlineData("0_zero"), InlineData("-1_x"), InlineData("2.5_x"), InlineData("1e1_x"), InlineData("x5_bad")]
    public void Other_names_are_no_folders_of_pictures(string name) => Assert.Null(PictureFolder.ParseName(name));

    public void Dispose() => folder.Dispose();
}
