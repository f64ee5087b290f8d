namespace Lowrank.Torch.Tests;

public class ShapeTests
{
    [Fact]
    public void AShapeIsSaidInRoundBrackets()
    {
        Assert.Equal("(2, 3)", new long[] { 2, 3 }.Text());
        Assert.Equal("(7)", new long[] { 7 }.Text());
        Assert.Equal("()", Array.Empty<long>().Text());
    }

    [Fact]
    public void AShapeOfAnotherNumberOfAxesIsNotTakenApart()
    {
        var (rows, columns) = new long[] { 2, 3 };
        Assert.Equal((2, 3), (rows, columns));
        var error = Assert.Throws<ShapeException>(() => { var (_, _, _) = new long[] { 2, 3 }; });
        Assert.Equal("a tensor of 3 axes was expected, and the shape is (2, 3)", error.Message);
    }
}
