namespace Lowrank.Diffusion.Tests;

public sealed class OutpaintingTests
{
    [Theory]
    [InlineData("1,2,3,4", "1,2,3,4"), InlineData("0,0,8,0", "0,0,8,0"), InlineData(" 1, 2 ,3,4", "1,2,3,4")]
    [InlineData("0,0,0,0", null), InlineData("1,2,3", null), InlineData("1,-2,3,4", null), InlineData("1,2,3,x", null), InlineData("", null)]
    public void FourMarginsAreRead(string text, string? read) => Assert.Equal(read, Outpainting.Read(text)?.Text);

    [Fact]
    public void TheNewPartHasTheColoursOfTheNearestEdgeAndIsMasked()
    {
        var picture = new Picture(2, 1, [1, 2, 3, 4, 5, 6]);
        var grown = new Outpainting(1, 1, 2, 0);
        var larger = grown.Around(picture);
        byte[] row = [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 4, 5, 6];
        Assert.Equal((5, 2), (larger.Width, larger.Height));
        Assert.Equal([.. row, .. row], larger.Pixels);
        Assert.Equal([255, 255, 255, 255, 255, 255, 0, 7, 255, 255], grown.Around(new Mask(2, 1, [0, 7])).Levels);
    }

    [Fact]
    public void SidesGrowOnTheRightAndBelowToMultiples()
    {
        var grown = new Outpainting(3, 0, 1, 8).Rounded(70, 61, 8);
        Assert.Equal("3,0,7,11", grown.Text);
        Assert.Equal(grown, grown.Rounded(70, 61, 8));
    }
}
