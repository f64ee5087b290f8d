namespace Lowrank.Adapters.Tests;

/// <summary>A step that moves nothing is an error that says why.</summary>
public sealed class IdleStepTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly SequenceModel network;
    readonly ModelAdapters adapters;
    readonly Tensor x;

    public IdleStepTests()
    {
        random.manual_seed(5);
        network = new SequenceModel(new Linear(7, 5), new Linear(5, 3));
        using (no_grad())
            foreach (var parameter in network.parameters()) parameter.normal_();
        adapters = network.AddLora("*", rank: 2, name: "ink");
        x = randn([2, 7], device: CPU);
    }

    public void Dispose()
    {
        adapters.Dispose();
        network.Dispose();
        scope.Dispose();
    }

    FusedAdamW Optimizer() => new(adapters["ink"].Adapter.Trainable, 0.1);

    void Backward()
    {
        network.call(x).square().sum().backward();
        Lowrank.Backward.Rethrow();
    }

    [Fact]
    public void OfASwitchedOffAdapterItNamesTheAdapter()
    {
        network.AddLora("0", rank: 2, name: "pen");
        using var optimizer = Optimizer();
        adapters.SetActive("pen");
        Backward();
        string message = Assert.Throws<LowrankException>(optimizer.Step).Message;
        Assert.Contains("\"ink\" is switched off", message, StringComparison.Ordinal);
        Assert.Contains("switch it on", message, StringComparison.Ordinal);
        adapters.SetActive("ink");
        Backward();
        optimizer.Step();
    }

    [Fact]
    public void OfStrengthZeroItNamesTheAdapter()
    {
        network.AddLora("0", rank: 2, name: "pen");
        adapters.SetActive("ink", "pen");
        using var optimizer = Optimizer();
        adapters["ink"].Strength = 0;
        Backward();
        Assert.Contains("\"ink\" has strength 0", Assert.Throws<LowrankException>(optimizer.Step).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OfADetachedAdapterItNamesTheAdapter()
    {
        using var adapter = AdapterFactory.Create(adapters.Model, adapters.Model.Components[0].Targets.Select(t => t.Target), Lora.Descriptor, new LoraOptions(2), name: "brush");
        var attachment = adapters.Model.Attach(adapter);
        using var optimizer = new FusedAdamW(adapter.Trainable, 0.1);
        attachment.Detach();
        Backward();
        Assert.Contains("\"brush\" is attached to no model", Assert.Throws<LowrankException>(optimizer.Step).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OfAMergedModelItSaysSo()
    {
        using var optimizer = Optimizer();
        adapters.Merge();
        Assert.Contains("merged into its weight", Assert.Throws<LowrankException>(optimizer.Step).Message, StringComparison.Ordinal);
        adapters.Unmerge();
        Backward();
        optimizer.Step();
    }

    [Fact]
    public void WithoutABackwardItSaysSo()
    {
        using var optimizer = Optimizer();
        network.call(x);
        Assert.Contains("backward()", Assert.Throws<LowrankException>(optimizer.Step).Message, StringComparison.Ordinal);
        using (no_grad()) network.call(x);
        Assert.Contains("no_grad", Assert.Throws<LowrankException>(optimizer.Step).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OneOfTwoAdaptersMaySitAStepOut()
    {
        network.AddLora("0", rank: 2, name: "pen");
        adapters.SetActive("ink", "pen");
        using var optimizer = new FusedAdamW(adapters.Trainable, 0.1);
        adapters.SetActive("pen");
        optimizer.ZeroGrad();
        Backward();
        optimizer.Step();
    }

    [Fact]
    public void ChanceMayLeaveEveryAdapterOut()
    {
        adapters.Remove("ink");
        network.AddAdapter("*", new LoraOptions(2) { ModuleDropout = 0.9 }, name: "ink");
        using var optimizer = Optimizer();
        int idle = 0;
        for (int step = 0; step < 50; step++)
        {
            optimizer.ZeroGrad();
            Backward();
            optimizer.Step();
            if (adapters["ink"].Adapter.Trainable.All(part => part.grad is null)) idle++;
        }
        Assert.InRange(idle, 20, 50);   // 0.81 of 50 are expected
        optimizer.ZeroGrad();
        Assert.Throws<LowrankException>(optimizer.Step);   // what chance did before is over
    }
}
