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
        Assert.Empty((nothing with { Adapters = [adapter], Method = "svd", Rank = 4, ConvRank = 2, Dialect = "kohya" }).Faults());
        Assert.Empty((nothing with { Base = model, Plus = "b", Minus = "c" }).Faults());
    }

    static readonly string[] ofDecomposing = ["rank", "conv rank", "clamp", "full svd"];

    // Written out, so that a way that changes what it uses is seen.
    static readonly Dictionary<string, string[]> used = new()
    {
        ["cat"] = [], ["svd"] = ofDecomposing, ["linear"] = [], ["magnitude_prune"] = ["density"], ["ties"] = ["density", "majority"],
        ["dare_linear"] = ["density", "seed"], ["dare_ties"] = ["density", "majority", "seed"],
        ["magnitude_prune_svd"] = [.. ofDecomposing, "density"], ["ties_svd"] = [.. ofDecomposing, "density", "majority"],
        ["dare_linear_svd"] = [.. ofDecomposing, "density", "seed"], ["dare_ties_svd"] = [.. ofDecomposing, "density", "majority", "seed"],
    };

    static readonly string[] settings = [.. ofDecomposing, "density", "majority", "seed", "times"];

    [Fact]
    public void AnOptionThatAWayDoesNotUseIsAFaultInEveryWay()
    {
        Assert.Equal(Combination.All.Select(way => way.Name).Order(), used.Keys.Order());
        foreach (var (method, options) in used) AssertUses(nothing with { Adapters = [adapter], Method = method }, options);
        AssertUses(nothing with { Adapters = [adapter] }, []);
        AssertUses(nothing with { Base = model, Adapters = [adapter] }, []);
        AssertUses(nothing with { Base = model, Others = [new("b", 0.5)] }, []);
        AssertUses(nothing with { Base = model, Plus = "b", Minus = "c" }, ["times"]);
    }

    static void AssertUses(MergingRequest request, string[] options)
    {
        foreach (string option in settings)
        {
            string[] faults = [.. (request with { Given = [option, "output"] }).Faults()];
            if (options.Contains(option)) Assert.Empty(faults);
            else Assert.StartsWith($"`{option}` is given, and ", Assert.Single(faults));
        }
    }

    [Fact]
    public void ANumberOutOfItsRangeNamesItsOption()
    {
        var request = nothing with { Adapters = [adapter], Method = "ties_svd", Rank = 0, ConvRank = -1, Combining = new() { Density = 1.5, Clamp = 2 } };
        string[] starts = ["`rank` is 0;", "`conv rank` is -1;", "`density` is 1.5;", "`clamp` is 2;"];
        Assert.All(request.Faults().Zip(starts), pair => Assert.StartsWith(pair.Second, pair.First));
        Assert.Equal(4, request.Faults().Count());
    }

    [Fact]
    public void WhatHoldsChangesWholeTakesNothingOfFactors()
    {
        var whole = new ExtractingRequest(model, "tuned", new("x.safetensors", "kohya")) { Whole = true };
        Assert.Empty(whole.Faults());
        var mixed = whole with { Clamp = 0.9, FullSvd = true, SparseBias = 0.9, Ranks = new() { Rank = 4, ConvRank = 2, Rule = "sv_fro", Parameter = 0.9, ConvParameter = 0.5 } };
        Assert.Contains("`rank`, `conv rank`, `sv fro`, `conv parameter`, `clamp`, `full svd`, `sparse bias` would be of factors", Assert.Single(mixed.Faults()));
        Assert.StartsWith("`clamp` is 2;", Assert.Single((whole with { Whole = false, Clamp = 2, Ranks = new() { Rank = 4 } }).Faults()));
        Assert.StartsWith("`sv fro`: ", Assert.Single(new RankSettings { Rule = "sv_fro", Parameter = 1.5 }.Faults()));
        Assert.StartsWith("`conv parameter`: ", Assert.Single(new RankSettings { Rule = "sv_fro", Parameter = 0.5, ConvParameter = -1 }.Faults()));
    }
}
