namespace Lowrank.Adapters.Tests;

/// <summary>A cut adapter does what its first ranks do, at the scale that it had.</summary>
public class RankCutTests
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(0, 0)]
    [InlineData(9, 4)]
    [InlineData(-1, 3)]
    [InlineData(-9, 0)]
    public void TheFirstRanksStayAtWork(int rank, int kept)
    {
        using var scope = NewDisposeScope();
        using Adapter whole = LayersOfEveryKind.Adapter(1, 4, 2), cut = LayersOfEveryKind.Adapter(1, 4, 2);
        Assert.Empty(RankCut.Cut(cut, rank));
        foreach (var target in LayersOfEveryKind.Targets)
        {
            var (down, up) = ((Lora)whole.Targets[target.Path]).Factors;
            var (left, right) = (up.reshape(target.Out, -1)[.., ..kept], down.reshape(4, -1)[..kept]);
            Close.Equal((0.5 * left).mm(right), LayersOfEveryKind.Change(cut, target));
            Assert.Equal(0.5, ((Lora)cut.Targets[target.Path]).Scale, 1e-6);
        }
    }

    [Fact]
    public void WhatHasNoOrderOfRanksStaysWholeAndIsNamed()
    {
        using var scope = NewDisposeScope();
        using Adapter whole = LayersOfEveryKind.Adapter(1, 4, 2, core: true), cut = LayersOfEveryKind.Adapter(1, 4, 2, core: true);
        Assert.Equal(["lora"], RankCut.Cut(cut, 2));
        var cored = LayersOfEveryKind.Targets.Where(target => whole.Targets[target.Path].Parts.Any(part => part.Part == "mid")).ToList();
        Assert.NotEmpty(cored);
        foreach (var target in cored) Close.Equal(LayersOfEveryKind.Change(whole, target), LayersOfEveryKind.Change(cut, target));
    }
}
