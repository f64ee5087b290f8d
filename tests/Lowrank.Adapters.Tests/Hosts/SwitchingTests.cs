namespace Lowrank.Adapters.Tests;

/// <summary>Adapters are switched off and on, one or all, for good or for a block.</summary>
public sealed class SwitchingTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly SequenceModel network;
    readonly ModelDescription model;
    readonly Adapter ink, gold;
    readonly Attachment first, second;
    readonly Tensor x, both, inkAlone, goldAlone, none;

    public SwitchingTests()
    {
        random.manual_seed(5);
        network = new SequenceModel(new Linear(7, 5), new Linear(5, 3));
        using (no_grad())
            foreach (var parameter in network.parameters()) parameter.normal_();
        model = network.Describe();
        x = randn(2, 7);
        (ink, gold) = (Trained("ink"), Trained("gold"));
        none = network.call(x);
        using (model.Attach(ink, 0.7)) inkAlone = network.call(x);
        using (model.Attach(gold, -0.3)) goldAlone = network.call(x);
        (first, second) = (model.Attach(ink, 0.7), model.Attach(gold, -0.3));
        both = network.call(x);
    }

    public void Dispose()
    {
        model.Unmerge();
        first.Dispose();
        second.Dispose();
        ink.Dispose();
        gold.Dispose();
        network.Dispose();
        scope.Dispose();
    }

    Adapter Trained(string name)
    {
        var adapter = AdapterFactory.Create(model.Components[0].Targets.Select(t => t.Target), new LoraOptions(2, 1), name: name);
        using var grad = no_grad();
        foreach (var part in adapter.Trainable) part.normal_();
        return adapter;
    }

    [Fact]
    public void OneSwitchedOffKeepsItsStrength()
    {
        first.Active = false;
        Close.Same(goldAlone, network.call(x));
        Assert.False(first.Active);
        Assert.Equal(0.7, first.Strength);
        second.Active = false;
        Close.Same(none, network.call(x));
        first.Active = true;
        Close.Same(inkAlone, network.call(x));
        second.Active = true;
        Close.Same(both, network.call(x));
    }

    [Fact]
    public void AStrengthGivenWhileOffCountsWhenItIsOnAgain()
    {
        first.Active = false;
        first.Strength = 0;
        first.SetStrength("unet", 0.7);
        Close.Same(goldAlone, network.call(x));
        first.Active = true;
        Close.Same(both, network.call(x));
    }

    [Fact]
    public void BlocksWithinBlocksRestoreWhatWas()
    {
        using (first.Disabled())
        {
            Close.Same(goldAlone, network.call(x));
            using (first.Disabled())
            using (model.WithoutAdapters()) Close.Same(none, network.call(x));
            Close.Same(goldAlone, network.call(x));
        }
        Close.Same(both, network.call(x));
    }

    [Fact]
    public void BlocksMayEndInAnyOrderAndEndOnce()
    {
        var outer = first.Disabled();
        var inner = model.WithoutAdapters();
        outer.Dispose();
        outer.Dispose();
        Close.Same(none, network.call(x));
        inner.Dispose();
        Close.Same(both, network.call(x));
    }

    [Fact]
    public void WhatIsSwitchedInABlockCountsAfterIt()
    {
        using (model.WithoutAdapters())
        {
            first.Active = false;
            second.Active = true;
            Close.Same(none, network.call(x));
        }
        Close.Same(goldAlone, network.call(x));
    }

    [Fact]
    public void OneDetachedInABlockDoesNotDisturbItsEnd()
    {
        using (model.WithoutAdapters()) first.Detach();
        Close.Same(goldAlone, network.call(x));
    }

    [Fact]
    public void MergingLeavesOutWhatIsOffAndThenNothingIsSwitched()
    {
        first.Active = false;
        model.Merge();
        Close.Equal(goldAlone, network.call(x));
        Assert.All(
            [() => first.Active = true, () => second.Active = false, () => second.Disabled(), () => model.WithoutAdapters()],
            (Action act) => Assert.Contains("unmerge", Assert.Throws<LowrankException>(act).Message, StringComparison.Ordinal));
        Assert.True(second.Active);
        model.Unmerge();
        first.Active = true;
        Close.Same(both, network.call(x));
    }

    [Fact]
    public void InABlockNothingIsMerged()
    {
        using (second.Disabled())
            Assert.Contains(nameof(Attachment.Disabled), Assert.Throws<LowrankException>(() => model.Merge()).Message, StringComparison.Ordinal);
        Close.Same(both, network.call(x));
        model.Merge();
        Close.Equal(both, network.call(x));
    }
}
