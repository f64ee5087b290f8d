namespace Lowrank.Torch.Tests;

public class PythonFloatTests
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
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(-1e15, "-1000000000000000.0")]
    [InlineData(123456789012345.0, "123456789012345.0")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NaN, "nan")]
    public void NumbersAreWrittenAsPythonWritesThem(double number, string text) => Assert.Equal(text, PythonFloat.Text(number));

    [Fact]
    public void EveryNumberReadsBackTheSame() =>
        new Random(7).GetItems(Enumerable.Range(0, 1 << 16).ToArray(), 2000).Select(i => BitConverter.Int64BitsToDouble(i * 281474976710677L))
            .Where(double.IsFinite).ToList()
            .ForEach(number => Assert.Equal(number, double.Parse(PythonFloat.Text(number), System.Globalization.CultureInfo.InvariantCulture)));
}
