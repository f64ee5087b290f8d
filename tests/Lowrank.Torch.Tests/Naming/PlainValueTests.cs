namespace Lowrank.Torch.Tests;

/// <summary>Numbers and switches as people write them.</summary>
public class PlainValueTests
{
    [Theory, InlineData("true", true), InlineData("Yes", true), InlineData("1", true), InlineData("FALSE", false), InlineData("no", false), InlineData("0", false), InlineData("perhaps", null)]
    public void ASwitchIsSaidInSeveralWays(string text, bool? value) => Assert.Equal(value, PlainValue.ReadSwitch(text));

    [Theory, InlineData("8", 8), InlineData("-3", -3), InlineData("8.0", null), InlineData("9999999999", null)]
    public void AWholeNumberHasNoPoint(string text, int? value) => Assert.Equal(value, PlainValue.ReadWhole(text));

    [Theory, InlineData(1e-5), InlineData(0.1), InlineData(double.MaxValue), InlineData(-0.0)]
    public void ANumberComesBackAsItWasWritten(double value) => Assert.Equal(value, PlainValue.ReadNumber(PlainValue.Text(value)));

    [Fact]
    public void ACommaIsNoPoint() => Assert.Null(PlainValue.ReadNumber("0,5"));
}
