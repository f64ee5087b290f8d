namespace Lowrank.Workbench.Tests;

/// <summary>What is asked for beside a picture's text comes before it, and the rest is the text's.</summary>
public sealed class RepeatedRequestTests
{
    static readonly GeneratingRequest told = new("model", ["a fox"], [7], "x.png")
    {
        Adapters = [new("ink.safetensors", 0.5)], Options = new() { Steps = 9 }, Given = GivenSampling.Steps, Place = new(2, 4),
    };

    static readonly GeneratingRequest nothing = new("model", [], [11], "x.png") { Given = GivenSampling.None };

    static GeneratingRequest Under(GeneratingRequest asked, bool givesSeeds = false, Func<GeneratingRequest, GeneratingRequest>? settings = null) =>
        RepeatedRequest.Under(told, asked, givesSeeds, settings ?? (request => request));

    [Fact]
    public void WhereNothingIsAskedForItIsTheText()
    {
        var request = Under(nothing);
        Assert.Equal(told.Prompts, request.Prompts);
        Assert.Equal(told.Seeds, request.Seeds);
        Assert.Equal(told.Adapters, request.Adapters);
        Assert.Equal((told.Options, told.Place, GivenSampling.Steps), (request.Options, request.Place, request.Given));
    }

    [Fact]
    public void WhatIsAskedForComesBeforeTheText()
    {
        var asked = nothing with { Prompts = ["a cat"], Adapters = [new("ink.safetensors"), new("gold.safetensors")], Given = GivenSampling.Guidance };
        var request = Under(asked, givesSeeds: true, told => told with { Options = told.Options with { GuidanceScale = 3 } });
        Assert.Equal(["a cat"], request.Prompts);
        Assert.Equal([11], request.Seeds);
        Assert.Equal([("ink.safetensors", 0.5), ("gold.safetensors", 1)], request.Adapters.Select(adapter => (adapter.Path, adapter.Strength)));
        Assert.Equal((9, 3.0), (request.Options.Steps, request.Options.GuidanceScale));
        Assert.Equal(GivenSampling.Steps | GivenSampling.Guidance, request.Given);
    }

    [Fact]
    public void AnotherPictureHasNoPlaceInTheBatchOfTheText()
    {
        Assert.Null(Under(nothing with { Prompts = ["a cat"] }).Place);
        Assert.Null(Under(nothing, givesSeeds: true).Place);
        Assert.Null(Under(nothing, settings: one => one with { Options = one.Options with { Steps = 8 } }).Place);
        Assert.Equal(told.Place, Under(nothing, settings: one => one with { Options = one.Options with { Steps = 9 } }).Place);
    }

    [Fact]
    public void AdaptersOfATextAreFoundAmongThoseThatAreGivenAndThenInTheirFolder()
    {
        using var folder = new TemporaryFolder();
        EmojiModel.WriteLora(folder["ink.safetensors"]);
        var given = nothing with { Adapters = [new("elsewhere/gold.safetensors")], Reading = new() { Adapters = folder.Path } };
        var find = RepeatedRequest.AdaptersOf(given);
        Assert.Equal("elsewhere/gold.safetensors", find("gold"));
        Assert.Equal(folder["ink.safetensors"], find("ink"));
        Assert.Null(find("fox"));
        Assert.Null(RepeatedRequest.AdaptersOf(nothing)("ink"));
    }
}
