using System.Numerics;

namespace Lowrank.Graphs.Tests;

public class PythonTextTests
{
    [Theory]
    [InlineData(" 7 ", 7)]
    [InlineData("-3", -3)]
    [InlineData("1_000", 1000)]
    public void WholeNumbersAreReadFromTexts(string text, int number) => Assert.Equal(number, PythonText.Int(text, out _));

    [Theory]
    [InlineData("3.5")]
    [InlineData("many")]
    [InlineData("")]
    [InlineData("1__0")]
    [InlineData("_1")]
    public void OtherTextsAreNoWholeNumbers(string text)
    {
        Assert.Null(PythonText.Int(text, out string why));
        Assert.Equal($"invalid literal for int() with base 10: '{text}'", why);
    }

    [Fact]
    public void NumbersAreCutTowardsZero()
    {
        Assert.Equal(7, PythonText.Int(7.9, out _));
        Assert.Equal(-7, PythonText.Int(-7.9, out _));
        Assert.Null(PythonText.Int(null, out string why));
        Assert.Equal("int() argument must be a string, a bytes-like object or a real number, not 'NoneType'", why);
    }

    [Theory]
    [InlineData("4", 4)]
    [InlineData(" 1e3 ", 1000)]
    [InlineData("+.5", 0.5)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    public void NumbersAreReadFromTexts(string text, double number) => Assert.Equal(number, PythonText.Float(text, out _));

    [Theory]
    [InlineData("1,5")]
    [InlineData("--1")]
    [InlineData("e3")]
    public void OtherTextsAreNoNumbers(string text) => Assert.Null(PythonText.Float(text, out _));

    [Fact]
    public void ListsAndTextsAreQuotedAsPythonQuotes()
    {
        object?[] list = ["it's", "a \"b\"", "both ' and \"", new BigInteger(3), 2.0, null, true];
        Assert.Equal("""["it's", 'a "b"', 'both \' and "', 3, 2.0, None, True]""", PythonText.Repr(list));
    }
}
