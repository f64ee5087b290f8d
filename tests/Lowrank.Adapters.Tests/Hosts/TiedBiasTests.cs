namespace Lowrank.Adapters.Tests;

/// <summary>Layers that share a bias: merging is right for both or refuses.</summary>
public sealed class TiedBiasTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly TorchSharp.Modules.Linear a = nn.Linear(6, 6), b = nn.Linear(6, 6);
    readonly nn.Module<Tensor, Tensor> net;
    readonly ModelDescription model;
    readonly Tensor x = randn([4, 6], generator: new Generator(2), device: CPU);
    readonly List<Tensor> bits;

    public TiedBiasTests()
    {
        b.bias = a.bias;
        net = nn.Sequential(("a", a), ("b", b));
        model = ModelDescription.Of(net);
        bits = Bits();
    }

    public void Dispose()
    {
        net.Dispose();
        scope.Dispose();
    }

    List<Tensor> Bits() => [a.weight!.detach().clone(), b.weight!.detach().clone(), a.bias!.detach().clone(), b.bias!.detach().clone()];

    void HasItsBits() => Assert.All(Bits().Zip(bits), pair => Close.Same(pair.Second, pair.First));

    Attachment Trained(string pattern, double biasOfB)
    {
        var attachment = model.Adapt(pattern, new LoraOptions(2, 3) { TrainBias = true });
        using var grad = no_grad();
        using var generator = new Generator(7);
        foreach (var (path, made) in attachment.Adapter.Targets)
            foreach (var (part, value) in made.Parts.Where(p => p.Part != "alpha"))
                if (part == "bias") value.fill_(path == "model.b" ? biasOfB : 0.25);
                else value.copy_(randn(value.shape, generator: generator, device: CPU));
        return attachment;
    }

    [Fact]
    public void TyingIsTold() => Assert.Equal(["model.a.bias", "model.b.bias"], Assert.Single(model.TiedWeights).Paths);

    [Fact]
    public void TheSameBiasIsMergedOnce()
    {
        using var attachment = Trained("*", 0.25);
        var want = By(By(x.to(ScalarType.Float64), "model.a", bits[0]), "model.b", bits[1]);
        Assert.True(net.call(x).to(ScalarType.Float64).allclose(want, 1e-4, 1e-4));
        model.Merge();
        Assert.True(net.call(x).to(ScalarType.Float64).allclose(want, 1e-4, 1e-4));
        Assert.Equal(0.25f, a.bias!.max().ToSingle(), 1e-6f);
        Assert.Single(model.TiedWeights);
        model.Unmerge();
        HasItsBits();
        Assert.Single(model.TiedWeights);

        // x (W + 3/2 · up · down)ᵀ + 0.25
        Tensor By(Tensor input, string path, Tensor weight)
        {
            var parts = attachment.Adapter.Targets[path].Parts.ToDictionary(p => p.Part, p => p.Value.detach().to(ScalarType.Float64));
            var adapted = weight.to(ScalarType.Float64) + parts["up"].mm(parts["down"]) * 1.5;
            return input.mm(adapted.t()) + 0.25;
        }
    }

    [Theory, InlineData("*", 0.5, "change them differently"), InlineData("a", 0.25, "change model.a.bias alone")]
    public void WhatWouldBeRightForOneAloneIsNotMerged(string pattern, double biasOfB, string told)
    {
        using var attachment = Trained(pattern, biasOfB);
        var attached = net.call(x);
        string message = Assert.Throws<LowrankException>(() => model.Merge()).Message;
        Assert.Contains(told, message, StringComparison.Ordinal);
        Assert.Contains("model.b.bias", message, StringComparison.Ordinal);
        Close.Same(attached, net.call(x));
        HasItsBits();
    }
}
