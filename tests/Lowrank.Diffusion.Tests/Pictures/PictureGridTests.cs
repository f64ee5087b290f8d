namespace Lowrank.Diffusion.Tests;

public sealed class PictureGridTests
{
    static readonly Picture red = Picture.Filled(40, 30, 255, 0, 0), blue = Picture.Filled(20, 30, 0, 0, 255);

    static int Dark(Picture picture) => Enumerable.Range(0, picture.Pixels.Length / 3).Count(i => picture.Pixels.AsSpan(3 * i, 3).IndexOfAnyExceptInRange((byte)0, (byte)100) < 0);

    [Theory]
    [InlineData("base")]
    [InlineData("strength 0.5")]
    [InlineData("<b>&amp; 狐")]
    [InlineData("Ä")]
    public void ALabelIsDrawn(string text)
    {
        var label = Label.Draw(text, 300);
        Assert.True(Dark(label) > 5, $"{Dark(label)} dark pixels");
        Assert.InRange(label.Height, 5, 30);
        Assert.InRange(label.Width, 4, 150);
    }

    [Fact]
    public void ALongLabelWraps()
    {
        var label = Label.Draw("a very long prompt that does not fit into one line, averyveryveryverylongwordwithoutanyblankinit", 120);
        Assert.InRange(label.Width, 60, 120);
        Assert.True(label.Height > 40);
    }

    [Fact]
    public void AnEmptyLabelTakesNoRoom() => Assert.Equal(1, Label.Draw(" ", 100).Height);

    [Fact]
    public void AGridHoldsEveryPictureAndLabel()
    {
        var bare = PictureGrid.Compose([[red, blue], [blue]]);
        Assert.Equal((2 * 46 + 6, 2 * 36 + 6), (bare.Width, bare.Height));
        Assert.Equal(40 * 30, Count(bare, 255, 0, 0));
        Assert.Equal(2 * 20 * 30, Count(bare, 0, 0, 255));
        Assert.Equal(0, Dark(bare));

        var labelled = PictureGrid.Compose([[red, blue], [blue, red]], ["a first row with quite some words in it", "two"], ["left", "right"]);
        Assert.Equal(2 * 40 * 30, Count(labelled, 255, 0, 0));
        Assert.True(Dark(labelled) > 50);
        Assert.True(labelled.Width > bare.Width && labelled.Height > bare.Height);
    }

    [Fact]
    public void AGridOfNothingIsRefused()
    {
        Assert.Throws<LowrankException>(() => PictureGrid.Compose([]));
        Assert.Contains("3 row labels", Assert.Throws<LowrankException>(() => PictureGrid.Compose([[red]], ["a", "b", "c"])).Message);
    }

    static int Count(Picture picture, byte r, byte g, byte b) => Enumerable.Range(0, picture.Pixels.Length / 3).Count(i => picture.Pixels.AsSpan(3 * i, 3).SequenceEqual([r, g, b]));
}
