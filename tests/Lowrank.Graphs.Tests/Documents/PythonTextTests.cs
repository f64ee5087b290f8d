using System.Numerics;

namespace Lowrank.Graphs.Tests;

public class PythonTextTests
{
    // What Python 3.13 prints.
    [Theory]
    [InlineData(1.0, "1.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(1e16, "1e+16")]
    [InlineData(9999999999999998.0, "9999999999999998.0")]
    [InlineData(123456789012345680.0, "1.2345678901234568e+17")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1.5e-7, "1.5e-07")]
    [InlineData(1e100, "1e+100")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(100.0, "100.0")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NaN, "nan")]
    public void NumbersAreWrittenAsPythonWritesThem(double number, string text) => Assert.Equal(text, PythonText.Repr(number));

    [Fact]
    public void EveryNumberReadsBackTheSame() =>
        new Random(7).GetItems(Enumerable.Range(0, 1 << 16).ToArray(), 2000).Select(i => BitConverter.Int64BitsToDouble(i * 281474976710677L))
            .Where(double.IsFinite).ToList()
            .ForEach(number => Assert.Equal(number, double.Parse(PythonText.Repr(number), System.Globalization.CultureInfo.InvariantCulture)));

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
