namespace Lowrank.Torch.Tests;

public class NearestNamesTests
{
    static readonly string[] known = ["euler", "euler_a", "dpm++2m", "Heun"];

    [Theory]
    [InlineData("eular", "nearest: euler, euler_a")]
    [InlineData("EULER_B", "nearest: euler_a, euler")]
    [InlineData("heum", "nearest: Heun")]
    [InlineData("dpm", "nearest: dpm++2m")]
    [InlineData("unicorn", "none resembles it; there are euler, euler_a, dpm++2m, Heun")]
    [InlineData("", "none resembles it; there are euler, euler_a, dpm++2m, Heun")]
    public void NamesAreNearestOnlyWhereTheyResemble(string name, string said) => Assert.Equal(said, NearestNames.Told(name, known));

    [Fact]
    public void ANameThatHoldsItIsFoundAmongNearerOnesThatDoNot() =>
        Assert.Equal(["dpm++ 2m sde karras"], NearestNames.Resembling("dpm", ["ddim", "lms", "heun", "dpm++ 2m sde karras"]).Except(["ddim"]));

    [Fact]
    public void OfManyThatDoNotResembleTheFirstAreTold()
    {
        Assert.Equal("None resembles it; there are 1, 2, 3, 4, 5, 6, 7, 8, and 2 more.", NearestNames.Sentence("x", Enumerable.Range(1, 10).Select(number => $"{number}")));
        Assert.Equal("there are none", NearestNames.Told("x", []));
    }
}
