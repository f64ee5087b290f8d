namespace Lowrank.Adapters.Tests;

/// <summary>While an adapter is attached the model's own parameters want no gradients, and afterwards they want what they wanted.</summary>
public sealed class FreezingTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly TiedNet net = new(weight => weight);
    readonly ModelDescription model;

    public FreezingTests()
    {
        model = ModelDescription.Of(net);
        net.Head.bias!.requires_grad = false;   // the user's own choice
    }

    public void Dispose()
    {
        net.Dispose();
        scope.Dispose();
    }

    bool[] Wanted => [.. net.parameters().Select(p => p.requires_grad)];

    [Fact]
    public void TheWholeModelIsFrozenAndGivenBackAsItWas()
    {
        var before = Wanted;
        Assert.Contains(true, before);
        Assert.Contains(false, before);
        using (model.Adapt("body", new LoraOptions(2)))
        {
            Assert.All(Wanted, Assert.False);
            net.call(randint(0, 11, [2, 5])).sum().backward();
            Assert.All(net.parameters(), p => Assert.Null(p.grad));
        }
        Assert.Equal(before, Wanted);
    }

    [Fact]
    public void TheLastAdapterToLeaveGivesTheModelBack()
    {
        var before = Wanted;
        var first = model.Adapt("body", new LoraOptions(2));
        var second = ModelDescription.Of(net).Adapt("head", new LoraOptions(2));
        first.Dispose();
        Assert.All(Wanted, Assert.False);
        second.Dispose();
        Assert.Equal(before, Wanted);
    }

    [Fact]
    public void WhoOptsOutFreezesTheAdaptedLayersAlone()
    {
        var before = Wanted;
        using (model.Adapt("body", new LoraOptions(2), freezeBase: false))
        {
            Assert.False(model.LayersByPath["model.body"].Weight.Dense().requires_grad);
            Assert.True(net.Tokens.weight!.requires_grad);
            using (model.Adapt("tokens", new LoraOptions(2))) Assert.All(Wanted, Assert.False);
            Assert.True(net.Tokens.weight!.requires_grad);
            Assert.False(model.LayersByPath["model.body"].Weight.Dense().requires_grad);
        }
        Assert.Equal(before, Wanted);
    }

    [Fact]
    public void AnAdapterThatDoesNotFitLeavesTheModelAsItWas()
    {
        var before = Wanted;
        using var other = new SequenceModel(new Linear(3, 3));
        using var foreign = AdapterFactory.Create(other.Describe().Components[0].Targets.Select(t => t.Target), new LoraOptions(2));
        Assert.Throws<LowrankException>(() => model.Attach(foreign));
        Assert.Equal(before, Wanted);
    }
}
