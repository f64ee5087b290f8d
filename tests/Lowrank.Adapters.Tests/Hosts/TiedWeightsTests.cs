using Parameter = TorchSharp.Modules.Parameter;

namespace Lowrank.Adapters.Tests;

/// <summary>Layers that share a weight are told apart from layers that do not, and merging is right for all of them or refuses.</summary>
public sealed class TiedWeightsTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly Tensor ids = randint(0, 11, [2, 5], device: CPU);

    public void Dispose() => scope.Dispose();

    static readonly Dictionary<string, Func<Parameter, Parameter>> ties = new()
    {
        ["one parameter"] = weight => weight,
        ["two parameters over one memory"] = weight => new Parameter(weight.detach().alias()),
    };

    static void Train(Attachment attachment, ulong seed)
    {
        using var grad = no_grad();
        foreach (var part in attachment.Adapter.Trainable) part.copy_(randn(part.shape, generator: new Generator(seed), device: CPU) * 0.5);
    }

    static List<Tensor> Bits(nn.Module net) => [.. net.parameters().Select(p => p.detach().clone())];

    static void HasBits(nn.Module net, List<Tensor> bits) => Assert.All(net.parameters().Zip(bits), pair => Close.Same(pair.Second, pair.First));

    [Theory, InlineData("one parameter"), InlineData("two parameters over one memory")]
    public void TyingIsTold(string tie)
    {
        using var net = new TiedNet(ties[tie]);
        var tied = Assert.Single(ModelDescription.Of(net).TiedWeights);
        Assert.Equal(["model.tokens.weight", "model.head.weight"], tied.Paths);
        using var apart = new TiedNet();
        Assert.Empty(ModelDescription.Of(apart).TiedWeights);
    }

    [Theory, InlineData("one parameter"), InlineData("two parameters over one memory")]
    public void DifferentChangesOfOneWeightAreNotMerged(string tie)
    {
        using var net = new TiedNet(ties[tie]);
        var bits = Bits(net);
        var model = ModelDescription.Of(net);
        using var attachment = model.Adapt("*", new LoraOptions(2));
        Train(attachment, 3);
        var attached = net.call(ids);
        var error = Assert.Throws<LowrankException>(() => model.Merge());
        Assert.Contains("model.tokens.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("model.head.weight", error.Message, StringComparison.Ordinal);
        Close.Same(attached, net.call(ids));
        model.Unmerge();
        HasBits(net, bits);
    }

    [Theory, InlineData("tokens"), InlineData("head")]
    public void AnAdapterOnOneUserAloneIsNotMerged(string pattern)
    {
        using var net = new TiedNet(ties["one parameter"]);
        var bits = Bits(net);
        var model = ModelDescription.Of(net);
        using var attachment = model.Adapt(pattern, new LoraOptions(2));
        Train(attachment, 3);
        var error = Assert.Throws<LowrankException>(() => model.Merge());
        Assert.Contains("clone", error.Message, StringComparison.Ordinal);
        HasBits(net, bits);
    }

    [Theory, InlineData("one parameter"), InlineData("two parameters over one memory")]
    public void TheSameChangeOfEveryUserIsMergedOnce(string tie)
    {
        using var net = new TiedNet(ties[tie]);
        var bits = Bits(net);
        var model = ModelDescription.Of(net);
        using var first = model.Adapt("tokens, head", new LoraOptions(2));
        // The embedding's matrix lies the other way: its ups are the head's downs.
        using (no_grad())
        {
            var (embedding, head) = ((Lora)first.Adapter.Targets["model.tokens"], (Lora)first.Adapter.Targets["model.head"]);
            embedding.Factors.Down.normal_();
            embedding.Factors.Up.normal_();
            head.Factors.Up.copy_(embedding.Factors.Down.t());
            head.Factors.Down.copy_(embedding.Factors.Up.t());
        }
        var attached = net.call(ids);
        model.Merge();
        Assert.True(attached.allclose(net.call(ids), rtol: 1e-4, atol: 1e-4));
        model.Unmerge();
        HasBits(net, bits);
        Assert.Single(model.TiedWeights);
    }

    [Fact]
    public void AFreshAdapterOnEveryLayerIsMergedAndUnmergedWithoutATrace()
    {
        using var net = new TiedNet(ties["one parameter"]);
        var bits = Bits(net);
        var model = ModelDescription.Of(net);
        using var attachment = model.Adapt("*", new LoraOptions(2));
        model.Merge();
        model.Unmerge();
        HasBits(net, bits);
    }

    [Fact]
    public void LayersThatShareNothingAreMergedBesideThem()
    {
        using var net = new TiedNet(ties["one parameter"]);
        var model = ModelDescription.Of(net);
        using var attachment = model.Adapt("body", new LoraOptions(2));
        Train(attachment, 3);
        var attached = net.call(ids);
        model.Merge();
        Assert.True(attached.allclose(net.call(ids), rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void AViewThatLiesTheOtherWayIsTied()
    {
        using var whole = new Conv1D(6, 11);
        using var tokens = nn.Embedding(11, 6);
        tokens.weight = new Parameter(whole.Weight.Dense().detach().t());
        using var net = new SequenceModel(tokens, whole);
        var model = ModelDescription.Of(net);
        Assert.Equal(["model.0.weight", "model.1.weight"], Assert.Single(model.TiedWeights).Paths);
        using var attachment = model.Adapt("0", new LoraOptions(2));
        Train(attachment, 3);
        Assert.Throws<LowrankException>(() => model.Merge());
    }

    [Fact]
    public void ALayerInTwoFieldsIsOneTargetWithBothPaths()
    {
        using var net = new TiedNet();
        var bits = Bits(net);
        var model = ModelDescription.Of(net);
        Assert.Equal([new SharedLayer("model.body", "model.again")], model.SharedLayers);
        using var attachment = model.Adapt("again", new LoraOptions(2));
        Assert.Equal("model.body", Assert.Single(attachment.Adapter.Targets).Key);
        Train(attachment, 3);
        var attached = net.call(ids);
        model.Merge();
        Assert.True(attached.allclose(net.call(ids), rtol: 1e-4, atol: 1e-5));
        model.Unmerge();
        HasBits(net, bits);
    }

    [Fact]
    public void AnAdapterOfTheOtherPathFindsTheLayer()
    {
        using var net = new TiedNet();
        var model = ModelDescription.Of(net);
        var target = model.Components[0].Targets.First(t => t.Target.Path == "model.body").Target;
        using var other = AdapterFactory.Create([target with { Path = "model.again" }], new LoraOptions(2));
        using (model.Attach(other)) Assert.NotNull(model.LayersByPath["model.body"].Host);
        using var both = AdapterFactory.Create([target, target with { Path = "model.again" }], new LoraOptions(2));
        Assert.Contains("one layer", Assert.Throws<LowrankException>(() => model.Attach(both)).Message, StringComparison.Ordinal);
    }
}
