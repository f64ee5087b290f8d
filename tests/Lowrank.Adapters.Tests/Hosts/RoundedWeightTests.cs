namespace Lowrank.Adapters.Tests;

/// <summary>Adapters work over a base whose weights are rounded to few bits, and do not know it.</summary>
public class RoundedWeightTests
{
    static readonly MethodOptions options = new(2, 1);

    public static IEnumerable<TheoryDataRow<string>> SomeMethods => [new("lora"), new("loha"), new("diag-oft"), new("ia3")];

    static (SequenceModel Network, IAdaptable Layer, ModelDescription Model, Adapter Adapter) Made(string method)
    {
        var generator = new Generator(3);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var network = new SequenceModel(new RoundedLinear(new RoundedWeight(randn([6, 8], generator: generator))));
        var model = network.Describe();
        var adapter = AdapterFactory.Create(model, model.Components[0].Targets.Select(t => t.Target), Methods.Named(method), options, generator);
        foreach (var part in adapter.Trainable) part.copy_(randn(part.shape, generator: generator));
        return (network, model.Components[0].Targets[0].Layer, model, adapter);
    }

    [Theory, MemberData(nameof(SomeMethods))]
    public void AForwardPassIsTheAdaptedWeights(string method) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (network, layer, model, adapter) = Made(method);
        using var attachment = model.Attach(adapter, 0.7);
        var x = randn([3, 8], generator: new Generator(4));
        var weight = adapter.Targets.Values.Single().Apply(layer.Weight.Dense(), 0.7);
        Close.Equal(nn.functional.linear(x, weight), network.call(x));
        Clear(network, adapter);
    });

    [Fact]
    public void ABackwardPassReachesLorasFactorsAndTheInput() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var (network, layer, model, adapter) = Made("lora");
        using var attachment = model.Attach(adapter);
        var x = randn([3, 8], generator: new Generator(4)).requires_grad_();
        network.call(x).square().sum().backward();
        Backward.Rethrow();
        var lora = adapter.Targets.Values.Single();
        var weight = lora.Apply(layer.Weight.Dense(), 1).detach();
        Close.Equal(2 * x.mm(weight.t()).mm(weight).detach(), x.grad!);
        Assert.All(lora.Trainable, part => Assert.True(part.grad!.abs().sum().ToDouble() > 0));
        Clear(network, adapter);
    });

    [Theory, MemberData(nameof(SomeMethods))]
    public void MergingRoundsTheAdaptedWeightAndUnmergingGivesTheBitsBack(string method) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (network, layer, model, adapter) = Made(method);
        using var attachment = model.Attach(adapter);
        var before = layer.Weight.Dense();
        var adapted = adapter.Targets.Values.Single().Apply(before, 1);
        model.Merge();
        var step = adapted.abs().amax([1], keepdim: true) / 127;
        Assert.True(((layer.Weight.Dense() - adapted).abs() <= 0.51 * step).all().ToBoolean());
        model.Unmerge();
        Close.Same(before, layer.Weight.Dense());
        Clear(network, adapter);
    });

    static void Clear(SequenceModel network, Adapter adapter)
    {
        adapter.Dispose();
        network.Dispose();
    }
}
