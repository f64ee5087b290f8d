namespace Lowrank.Diffusion.Tests;

/// <summary>Rectangles around what a mask changes.</summary>
public class PictureRegionTests
{
    [Fact]
    public void AMaskThatChangesNothingHasNoRegion() => Assert.Null(PictureRegion.Around(Mask.Filled(5, 5, 0), 3));

    [Fact]
    public void TheFaintestLevelBelongsToTheRegion()
    {
        var mask = Mask.Filled(9, 7, 0);
        mask.Levels[9 * 2 + 4] = 1;

        Assert.Equal(new PictureRegion(4, 2, 5, 3), PictureRegion.Around(mask));
        Assert.Equal(new PictureRegion(0, 0, 9, 7), PictureRegion.Around(mask, 100));
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(640, 64)]
    [InlineData(8, 512)]
    public void ExpandedItHoldsTheOldOneAndStaysInThePicture(int width, int height)
    {
        foreach (var region in new PictureRegion[] { new(0, 0, 1, 1), new(30, 5, 50, 40), new(49, 39, 50, 40), new(0, 0, 50, 40) })
        {
            var wide = region.ExpandedTo(width, height, 50, 40);

            Assert.True(wide.Left <= region.Left && wide.Top <= region.Top && wide.Right >= region.Right && wide.Bottom >= region.Bottom);
            Assert.True(wide is { Left: >= 0, Top: >= 0, Right: <= 50, Bottom: <= 40 });
        }
    }
}
