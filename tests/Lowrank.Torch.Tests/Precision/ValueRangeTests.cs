namespace Lowrank.Torch.Tests;

public class ValueRangeTests
{
    const ScalarType E5M2 = (ScalarType)23, E4M3 = (ScalarType)24;   // which TorchSharp does not name

    static readonly ScalarType[] floats = [ScalarType.BFloat16, ScalarType.Float16, ScalarType.Float32, ScalarType.Float64, E5M2];

    public static TheoryData<ScalarType, double> Spoilt
    {
        get
        {
            var data = new TheoryData<ScalarType, double>();
            foreach (var dtype in floats)
                foreach (double value in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity }) data.Add(dtype, value);
            return data;
        }
    }

    [Theory, MemberData(nameof(Spoilt))]
    public void OneValueThatIsNotFiniteIsFoundWhereverItStands(ScalarType dtype, double value)
    {
        foreach (int at in new[] { 0, 50, 131, 208 })
            LeakGuard.NoTensorLeaks(() =>
            {
                using var scope = NewDisposeScope();
                var values = linspace(-3, 3, 209, device: CPU);
                Assert.True(ValueRange.AreFinite(values.reshape(11, 19).to(dtype)));
                values[at] = value;
                var spoilt = values.reshape(11, 19).to(dtype);
                Assert.False(ValueRange.AreFinite(spoilt));
                Assert.False(ValueRange.AreFinite(spoilt.t()));
                Assert.Equal(!double.IsNaN(value), ValueRange.AreNumbers(spoilt));
            });
    }

    [Fact]
    public void OppositeInfinitiesAreNotFinite()
    {
        using var values = tensor([double.PositiveInfinity, 1, double.NegativeInfinity], device: CPU);
        Assert.False(ValueRange.AreFinite(values));
        Assert.True(ValueRange.AreNumbers(values));
    }

    [Theory, InlineData(ScalarType.BFloat16, 3.38e38), InlineData(ScalarType.Float16, 65504), InlineData(ScalarType.Float32, 3.4e38)]
    public void TheLargestValuesAreFiniteThoughTheirSumIsNot(ScalarType dtype, double largest)
    {
        using var values = full([1000], largest, dtype, CPU);
        Assert.True(ValueRange.AreFinite(values));
        Assert.True(dtype.Holds(values));
    }

    [Fact]
    public void WholeNumbersAndNoValuesAreFinite()
    {
        using var whole = arange(5, dtype: ScalarType.Int64, device: CPU);
        using var none = empty(0, 3, device: CPU);
        using var shape = empty(2, 3, device: new Device(DeviceType.META));
        Assert.All([whole, none, shape], values => Assert.True(ValueRange.AreFinite(values) && ValueRange.AreNumbers(values)));
    }

    [Theory]
    [InlineData(ScalarType.Float16, 65504, true), InlineData(ScalarType.Float16, 65519, true), InlineData(ScalarType.Float16, 65520, false)]
    [InlineData(ScalarType.BFloat16, 3.38e38, true), InlineData(ScalarType.BFloat16, 3.4e38, false)]
    [InlineData(E5M2, 57344, true), InlineData(E5M2, 70000, false), InlineData(E4M3, 448, true), InlineData(E4M3, 500, false)]
    [InlineData(ScalarType.Float32, double.NaN, false), InlineData(ScalarType.Float32, double.NegativeInfinity, false)]
    public void ADtypeHoldsWhatDoesNotRoundToInfinity(ScalarType dtype, double value, bool holds)
    {
        using var values = tensor([0f, (float)value, 1], device: CPU);
        using var opposite = -values;
        Assert.Equal(holds, dtype.Holds(values));
        Assert.Equal(holds, dtype.Holds(opposite));
    }
}
