namespace Lowrank.Graphs.Tests;

public class ConditionAreaTests
{
    [Fact]
    public void SharesAreRoundedToTheEvenPixelAndNoSideIsEmpty()
    {
        Assert.Equal(new LatentArea(2, 1, 4, 0), new ConditionArea(0.25, 0.01, 0.5, 0.05, IsShare: true).In(9, 10));   // 2.25, 0.1, 4.5, 0.5
        Assert.Equal(new LatentArea(3, 4, 1, 2), new ConditionArea(3, 4, 1, 2, IsShare: false).In(9, 10));
    }

    [Fact]
    public void AnAreaEndsWhereTheLatentsEnd() =>
        Assert.Equal(new LatentArea(3, 2, 5, 6), new LatentArea(8, 8, 5, 6).Within(8, 8));

    [Fact]
    public void AnAreaLiesInsideOfItselfAndOfLargerOnesAround()
    {
        var area = new LatentArea(4, 4, 2, 2);
        Assert.True(area.IsInside(area));
        Assert.True(area.IsInside(new LatentArea(8, 8, 0, 0)));
        Assert.False(area.IsInside(new LatentArea(4, 5, 2, 3)));
    }
}
