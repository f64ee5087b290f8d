namespace Lowrank.Adapters.Tests;

/// <summary>Forward passes with gradients whose answers are disposed of, without a backward pass, hold no memory.</summary>
public class HeldMemoryTests
{
    const int Passes = 400;

    // Of each custom function one: plain, built weight, factors, scales.
    [Theory, InlineData("lora"), InlineData("lokr"), InlineData("oft"), InlineData("ia3"), InlineData("loha")]
    public void ForwardsWithoutABackwardHoldNothing(string method)
    {
        using var net = new SequenceModel(nn.Linear(12, 12), nn.Linear(12, 12), nn.Linear(12, 12));
        using var adapters = net.AddAdapter("*", new MethodOptions(4), method: method);
        using var x = randn([6, 12], device: CPU);
        long before = LeakGuard.Live;
        for (int i = 0; i < Passes; i++)
        {
            using var scope = NewDisposeScope();
            Assert.True(net.call(x).requires_grad);
        }
        // Each pass holds three tensors or more. What a few hold may linger, and what the collector took first waits for its finalizers.
        Assert.InRange(LeakGuard.Live - before, long.MinValue, Passes);
        GC.KeepAlive(adapters);
    }

    [Fact]
    public void WithoutGradientsNothingIsHeldBeyondTheFirstCall()
    {
        using var net = new SequenceModel(nn.Linear(12, 12));
        using var adapters = net.AddLora("*", rank: 4);
        using var x = randn([6, 12], device: CPU);
        using (no_grad()) net.call(x).Dispose();   // which makes what stays with the adapters
        LeakGuard.NoTensorLeaks(() =>
        {
            using var grad = no_grad();
            for (int i = 0; i < 20; i++) net.call(x).Dispose();
        });
    }

    // Graphs that live on are let alone, however many are recorded after them.
    [Fact]
    public void AGraphThatIsKeptGoesBackwardAfterManyOthers()
    {
        using var scope = NewDisposeScope();
        using var net = new SequenceModel(nn.Linear(12, 12), nn.Linear(12, 12), nn.Linear(12, 12));
        using var adapters = net.AddLora("*", rank: 4);
        var x = randn([6, 12], device: CPU);
        var kept = net.call(x).square().sum();
        for (int i = 0; i < 50; i++) net.call(x).Dispose();
        kept.backward();
        Backward.Rethrow();
        var after = adapters.Trainable.Select(part => part.grad!.clone()).ToList();
        foreach (var part in adapters.Trainable) part.grad = null;
        net.call(x).square().sum().backward();
        Backward.Rethrow();
        Assert.All(adapters.Trainable.Zip(after), pair => Close.Same(pair.Second, pair.First.grad!));
    }
}
