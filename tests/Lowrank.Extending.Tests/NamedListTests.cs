namespace Lowrank.Extending.Tests;

/// <summary>Lists of named things take additions until they are used.</summary>
public class NamedListTests
{
    static NamedList<string> Colours() => new("colour", colour => [colour, colour + "ish"], "red", "dark-blue");

    [Fact]
    public void AThingIsFoundByEachOfItsNamesHoweverTheyAreWritten()
    {
        var colours = Colours();
        Assert.Equal("dark-blue", colours.Named("Dark_Blue"));
        Assert.Equal("dark-blue", colours.Named("darkblueish"));
    }

    [Fact]
    public void AnAddedThingStandsLast()
    {
        var colours = Colours();
        colours.Add("green");
        Assert.Equal(["red", "dark-blue", "green"], colours.All);
    }

    [Fact]
    public void NothingIsAddedAfterTheFirstLook()
    {
        var colours = Colours();
        _ = colours.Named("red");
        Assert.Contains("too late", Assert.Throws<LowrankException>(() => colours.Add("green")).Message);
    }

    [Fact]
    public void ATakenNameIsRefused() => Assert.Contains("\"Red\"", Assert.Throws<LowrankException>(() => Colours().Add("Red")).Message);

    [Theory, InlineData(""), InlineData(" ")]
    public void AnEmptyNameIsRefused(string name) =>
        Assert.Contains("empty name", Assert.Throws<LowrankException>(() => Colours().Add(name)).Message);

    [Fact]
    public void AnUnknownNameTellsTheNearest() => Assert.Contains("nearest: red", Assert.Throws<LowrankException>(() => Colours().Named("rad")).Message);
}
