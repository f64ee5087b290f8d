namespace Lowrank.Bench.Tests;

public class ModeTests
{
    [Theory]
    [InlineData("all", "bf16")]
    [InlineData("steps", "sd15 bf16 more")]
    [InlineData("merge", "bf16 f32")]
    public void WhatAModeDoesNotUseIsRefused(string name, string asked)
    {
        var mode = Modes.All.Single(mode => mode.Name == name);
        var error = Assert.Throws<LowrankException>(() => mode.Check(asked.Split(' ')));
        Assert.StartsWith($"\"{asked.Split(' ')[^1]}\" is not used", error.Message);
        mode.Check(asked.Split(' ')[..^1]);
    }

    [Fact]
    public void ThePartsOfTheWholeTableAreModesAndTheirRowsHaveAPlace() => Assert.All(WholeTable.Parts, part =>
    {
        Modes.All.Single(mode => mode.Name == part.Asked[0]).Check(part.Asked[1..]);
        Assert.Contains(part.Section, Section.All.Select(section => section.Name));
    });

    [Fact]
    public void AnArgumentWithDotsMayBeGivenOften() =>
        Modes.All.Single(mode => mode.Name == "methods").Check(["sd15", "bf16", "oft", "loha", "full"]);

    [Fact]
    public void AnUnknownCurveIsRefusedBeforeAnythingIsMeasured()
    {
        var error = Assert.Throws<LowrankException>(() => Modes.All.Single(mode => mode.Name == "scaling").Check(["width"]));
        Assert.Contains("tokens, rank, targets, merge, convert", error.Message);
        Assert.Throws<LowrankException>(() => Modes.All.Single(mode => mode.Name == "steps").Check(["sd16"]));
        Assert.Throws<LowrankException>(() => Modes.All.Single(mode => mode.Name == "merge-file").Check(["wide"]));
    }

    [Theory]
    [InlineData("bf16", 1)]
    [InlineData(null, 2)]
    public void ADtypeIsTheOneThatIsAskedForOrAll(string? name, int count) => Assert.Equal(count, Dtypes.Asked(name).Count);

    [Fact]
    public void AnUnknownDtypeIsRefused() =>
        Assert.Contains("bf16, f32", Assert.Throws<LowrankException>(() => Dtypes.Asked("bf17")).Message);
}
