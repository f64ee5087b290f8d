namespace Lowrank.Workbench.Tests;

/// <summary>What is merged with what follows from what is given, and contradictions are told.</summary>
public class MergingRequestTests
{
    static readonly MergingRequest nothing = new("out");
    static readonly MergeChoice adapter = new("a.safetensors");
    static readonly BaseModelChoice model = new("model");

    [Fact]
    public void WhatIsGivenTellsTheWay()
    {
        Assert.Equal(MergeWay.AdaptersIntoModel, (nothing with { Base = model, Adapters = [adapter] }).Way);
        Assert.Equal(MergeWay.AdaptersIntoAdapter, (nothing with { Adapters = [adapter] }).Way);
        Assert.Equal(MergeWay.AdaptersIntoAdapter, (nothing with { Base = model, Adapters = [adapter], Method = "cat" }).Way);
        Assert.Equal(MergeWay.WeightedSum, (nothing with { Base = model, Others = [new("b", 0.5)] }).Way);
        Assert.Equal(MergeWay.Difference, (nothing with { Base = model, Plus = "b", Minus = "c" }).Way);
    }

    [Fact]
    public void EveryContradictionIsTold()
    {
        var mixed = nothing with { Adapters = [adapter], Others = [new("b", 0.5)], Plus = "c", Dialect = "kohya" };
        Assert.Equal(5, mixed.Faults().Count());
        var weighted = nothing with { Adapters = [adapter with { Components = new Dictionary<string, double> { ["unet"] = 1 } }], ConvRank = 4 };
        Assert.Equal(2, weighted.Faults().Count());
        Assert.Single(nothing.Faults());
    }

    [Fact]
    public void ARequestThatCanBeDoneHasNoFaults()
    {
        Assert.Empty((nothing with { Base = model, Adapters = [adapter with { Blocks = [1, 0] }] }).Faults());
        Assert.Empty((nothing with { Adapters = [adapter], Rank = 4, ConvRank = 2, Dialect = "kohya" }).Faults());
        Assert.Empty((nothing with { Base = model, Plus = "b", Minus = "c" }).Faults());
    }
}
