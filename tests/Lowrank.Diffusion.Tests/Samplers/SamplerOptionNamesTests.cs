namespace Lowrank.Diffusion.Tests;

public class SamplerOptionNamesTests
{
    [Fact]
    public void EveryOptionIsWrittenAndReadBack()
    {
        var options = SamplerOptionNames.Read([.. SamplerOptionNames.All.Select((option, i) => $"{option.Name}={i + 2}")]);
        Assert.Equal((2, 3), (options.Eta, options.NoiseScale));
        var again = SamplerOptions.Default;
        foreach (var (field, value) in SamplerOptionNames.Written(options)) again = SamplerOptionNames.Set(again, field, value);
        Assert.Equal(options, again);
        Assert.Equal(SamplerOptionNames.All.Count, SamplerOptionNames.Written(options).Count());
        Assert.Empty(SamplerOptionNames.Written(SamplerOptions.Default));
    }

    [Theory]
    [InlineData("s_churn=0.5", "churn")]
    [InlineData("Sigma tmax=10", "churn_to")]
    [InlineData("R=0.3", "midpoint")]
    public void KDiffusionsNamesAndThoseOfPicturesAreUnderstood(string text, string name) =>
        Assert.NotNull(SamplerOptionNames.All.Single(option => option.Name == name).Get(SamplerOptionNames.Read([text])));

    [Theory]
    [InlineData("eta", "NAME=VALUE")]
    [InlineData("etaa=1", "nearest")]
    [InlineData("eta=much", "much")]
    [InlineData("eta=nan", "nan")]
    [InlineData("order=1.5", "whole")]
    public void WhatIsNoOptionIsRefused(string text, string told) =>
        Assert.Contains(told, Assert.Throws<LowrankException>(() => SamplerOptionNames.Read([text])).Message);
}
