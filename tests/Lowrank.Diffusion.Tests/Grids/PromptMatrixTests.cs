namespace Lowrank.Diffusion.Tests;

/// <summary>Prompts with parts that may be left out, and words that change along an axis.</summary>
public class PromptMatrixTests
{
    [Theory]
    [InlineData("a", 1, 1)]
    [InlineData("a|b", 2, 1)]
    [InlineData("a|b|c", 2, 2)]
    [InlineData("a|b|c|d", 4, 2)]
    public void ItsLabelsMakeAGridOfAllPrompts(string text, int columns, int rows)
    {
        var matrix = new PromptMatrix(text);

        Assert.Equal((columns, rows), (matrix.ColumnLabels.Count, matrix.RowLabels.Count));
        Assert.Equal(matrix.Rows, rows);
        Assert.Equal(columns * rows, matrix.Prompts().Distinct().Count());
    }

    [Theory]
    [InlineData("a||b", 2), InlineData("a| , |b", 2), InlineData("a|b|", 3), InlineData("|b", 0), InlineData("a|b", 0)]
    public void PartsThatSayNothingAreNumbered(string text, int number) => Assert.Equal(number == 0 ? [] : [number], new PromptMatrix(text).Empty);

    [Fact]
    public void TooManyPartsAreRefused() => Assert.Throws<LowrankException>(() => new PromptMatrix(string.Join('|', Enumerable.Range(0, 40))));

    [Fact]
    public void WordsThatAreNotThereAreToldWithThePrompt()
    {
        Assert.Contains("a fox", Assert.Throws<LowrankException>(() => PromptSearch.Replace("a fox", "", "wolf", "bear")).Message, StringComparison.Ordinal);
        Assert.Contains("wolf", Assert.Throws<LowrankException>(() => PromptSearch.Reorder("a fox", ["fox", "wolf"])).Message, StringComparison.Ordinal);
        Assert.Throws<LowrankException>(() => PromptSearch.Reorder("a firefox", ["firefox", "fox"]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(97)]
    public void ALayoutHoldsAllPicturesAndNoWholeRowMore(int count)
    {
        foreach (var shape in new[] { GridShape.Square(count), GridShape.Full(count), GridShape.OfRows(count, 3) })
        {
            Assert.True(shape.Rows * shape.Columns >= count);
            Assert.True((shape.Columns - 1) * shape.Rows < count);
        }
        Assert.Equal(count, GridShape.Full(count).Rows * GridShape.Full(count).Columns);
    }
}
