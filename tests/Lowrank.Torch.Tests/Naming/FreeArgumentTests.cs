namespace Lowrank.Torch.Tests;

public class FreeArgumentTests
{
    static readonly Dictionary<string, string> nothing = [];

    static Dictionary<string, string> Given(string text) => new() { ["x"] = text };

    [Fact]
    public void WordsAreReadWithCommasBetweenHoweverTheyAreWritten()
    {
        var argument = NamedArgument.Words("x", "", "one", ["one", "two_words"]);
        Assert.Equal(["one"], argument.In(nothing));
        Assert.Equal(["two_words", "one"], argument.In(Given("Two-Words , one")));
    }

    [Theory, InlineData("on", "nearest: one"), InlineData(" ", "x is empty"), InlineData("one, three", "no \"three\"")]
    public void AWordThatIsNotThereIsToldWithTheNearest(string text, string told)
    {
        var argument = NamedArgument.Words("x", "", "one", ["one", "two"]);
        Assert.Contains(told, argument.Fault(text)!, StringComparison.Ordinal);
        Assert.Contains(told, Assert.Throws<LowrankException>(() => argument.In(Given(text))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OneWordIsOneAlone() =>
        Assert.Contains("one word is wanted", NamedArgument.Word("x", "", "one", ["one", "two"]).Fault("one, two")!, StringComparison.Ordinal);

    [Fact]
    public void NumbersKeepTheirRange()
    {
        var argument = NamedArgument.Numbers("x", "", "", NumberRange.AtLeast(0));
        Assert.Empty(argument.In(nothing));
        Assert.Equal([1, 0.5], argument.In(Given("1, 0.5")));
        Assert.Contains("x is -1", argument.Fault("1, -1")!, StringComparison.Ordinal);
        Assert.Contains("which is no number", argument.Fault("1, many")!, StringComparison.Ordinal);
    }

    [Fact]
    public void ANumberMayBeNone()
    {
        var argument = NamedArgument.OptionalNumber("x", "", NumberRange.Above(0));
        Assert.Null(argument.In(nothing));
        Assert.Equal(2, argument.In(Given("2")));
        Assert.Contains("x is 0", argument.Fault("0")!, StringComparison.Ordinal);
        Assert.Contains("nor none", argument.Fault("some")!, StringComparison.Ordinal);
    }
}
