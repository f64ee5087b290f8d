namespace Lowrank.Torch.Tests;

public class ProductsTests
{
    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 3, 4 }, true)]
    [InlineData(new long[] { 2, 3 }, new long[] { 2, 4 }, false)]
    [InlineData(new long[] { 5, 2, 3 }, new long[] { 1, 3, 4 }, true)]
    [InlineData(new long[] { 5, 2, 3 }, new long[] { 2, 3, 4 }, false)]
    [InlineData(new long[] { 3 }, new long[] { 3 }, true)]
    public void ShapesAreCheckedBeforeLibtorchSeesThem(long[] left, long[] right, bool fits)
    {
        using var scope = NewDisposeScope();
        if (fits) ones(left).Multiply(ones(right));
        else Assert.Throws<ShapeException>(() => ones(left).Multiply(ones(right)));
    }
}
