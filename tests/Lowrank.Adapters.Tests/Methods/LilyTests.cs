namespace Lowrank.Adapters.Tests;

/// <summary>What the laws say, for the method without a formula for the weight.</summary>
public class LilyTests
{
    static (SequenceModel Module, ModelDescription Model, Adapter Adapter) Make(int stride = 1)
    {
        var module = new SequenceModel(new Linear(7, 7), new Linear(7, 7));
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var generator = new Generator(3);
        foreach (var parameter in module.parameters()) parameter.copy_(randn(parameter.shape, generator: generator));
        var model = ModelDescription.Of(module);
        var targets = model.Components[0].Targets.Select(t => t.Target);
        return (module, model, AdapterFactory.Create(model, targets, Lily.Descriptor, new LilyOptions(new MethodOptions(3)) { Stride = stride }, generator));
    }

    [Fact]
    public void AFreshOneAndOneOfStrength0ChangeNothing()
    {
        using var scope = NewDisposeScope();
        var (module, model, adapter) = Make();
        using var _ = module;
        using var __ = adapter;
        var x = randn(2, 4, 7);
        var want = module.call(x);
        using var attachment = model.Attach(adapter);
        Close.Same(want, module.call(x));
        using (no_grad())
            foreach (var part in adapter.Trainable) part.copy_(randn(part.shape));
        attachment.Strength = 0;
        Close.Same(want, module.call(x));
    }

    [Fact]
    public void GradientsReachEveryPartAndMergingIsRefused()
    {
        using var scope = NewDisposeScope();
        var (module, model, adapter) = Make();
        using var _ = module;
        using var __ = adapter;
        using (no_grad())
            foreach (var part in adapter.Trainable) part.copy_(randn(part.shape));
        using var attachment = model.Attach(adapter);
        module.call(randn(2, 4, 7)).square().sum().backward();
        Backward.Rethrow();
        foreach (var part in adapter.Trainable) Assert.True(part.grad!.abs().sum().ToDouble() > 0);
        var error = Assert.Throws<LowrankException>(model.Merge);
        Assert.Contains("cannot be merged", error.Message, StringComparison.Ordinal);
    }
}
