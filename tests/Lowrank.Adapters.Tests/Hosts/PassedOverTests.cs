namespace Lowrank.Adapters.Tests;

/// <summary>What a pattern matches and nothing adapts is told with its reason.</summary>
public sealed class PassedOverTests : IDisposable
{
    sealed class MixedNet : nn.Module<Tensor, Tensor>
    {
        readonly TorchSharp.Modules.Linear head = nn.Linear(6, 3);
        readonly TorchSharp.Modules.LayerNorm norm = nn.LayerNorm(6), wide = nn.LayerNorm([2, 6]);
        readonly TorchSharp.Modules.BatchNorm1d batch = nn.BatchNorm1d(6);
        readonly TorchSharp.Modules.LSTM memory = nn.LSTM(6, 6, batchFirst: true);
        readonly TorchSharp.Modules.TransformerEncoderLayer block = nn.TransformerEncoderLayer(6, 2);
        readonly TorchSharp.Modules.ConvTranspose1d grow = nn.ConvTranspose1d(6, 6, 1);
        readonly TorchSharp.Modules.MultiheadAttention attention = nn.MultiheadAttention(6, 2, add_bias_kv: true);
        readonly TorchSharp.Modules.EmbeddingBag bag = nn.EmbeddingBag(5, 6);
        readonly TorchSharp.Modules.Bilinear pair = nn.Bilinear(6, 6, 2);
        readonly TorchSharp.Modules.Parameter gain = new(torch.ones(6));

        public MixedNet() : base(nameof(MixedNet)) => RegisterComponents();

        public override Tensor forward(Tensor x) => head.call(norm.call(x) * gain);

        protected override void Dispose(bool disposing)
        {
            foreach (var child in children()) child.Dispose();
            gain.Dispose();
            base.Dispose(disposing);
        }
    }

    readonly MixedNet net = new();

    ModelDescription Model => ModelDescription.Of(net);

    public void Dispose() => net.Dispose();

    static string[] Kinds(IEnumerable<UnadaptableLayer> layers) => [.. layers.Select(l => $"{l.Path} {l.Kind}").Order(StringComparer.Ordinal)];

    static readonly string[] neverAdapted =
    [
        "model.attention.bias_k Parameter", "model.attention.bias_v Parameter", "model.block TransformerEncoderLayer",
        "model.gain Parameter", "model.wide LayerNorm",
    ];

    [Fact]
    public void WhatHasParametersAndCannotBeAdaptedIsListed()
    {
        var listed = Model.Unadaptable;
        Assert.Equal(neverAdapted, Kinds(listed));
        Assert.All(listed, layer => Assert.NotEmpty(layer.Reason));
        Assert.Contains("several axes", listed.Single(layer => layer.Path == "model.wide").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryParameterIsATargetsOrListed()
    {
        string[] known = [.. Model.Components[0].Targets.Select(t => t.Target.Path), .. Model.Unadaptable.Select(layer => layer.Path)];
        // A bias of a weight in a larger module is called as the weight is.
        string Weight(string name) => name.Replace("bias_ih", "weight_ih", StringComparison.Ordinal).Replace("bias_hh", "weight_hh", StringComparison.Ordinal).Replace("in_proj_", "in_proj.", StringComparison.Ordinal);
        Assert.DoesNotContain(net.named_parameters(), p => !known.Any(path => $"model.{Weight(p.name)}.".StartsWith($"{path}.", StringComparison.Ordinal)));
    }

    [Fact]
    public void AWildcardAdaptsWhatItCanAndTellsTheRest()
    {
        using var attachment = Model.Adapt("*", new LoraOptions(2));
        Assert.Contains("model.head", attachment.Adapter.Targets.Keys);
        Assert.DoesNotContain("model.norm", attachment.Adapter.Targets.Keys);
        var told = attachment.PassedOver.ToDictionary(layer => layer.Path, layer => layer.Reason);
        Assert.Contains("methods norm and full adapt it", told["model.norm"], StringComparison.Ordinal);
        Assert.Contains("inside libtorch", told["model.block"], StringComparison.Ordinal);
        Assert.Contains("model.memory.weight_hh_l0", attachment.Adapter.Targets.Keys);
        Assert.Subset(told.Keys.ToHashSet(), neverAdapted.Select(text => text.Split(' ')[0]).ToHashSet());
    }

    [Theory]
    [InlineData("block", "\"block\" chooses no layer that can be adapted: model.block (TransformerEncoderLayer): it runs inside libtorch")]
    [InlineData("kind:transformerencoderlayer", "model.block (TransformerEncoderLayer)")]
    [InlineData("kind:gru", "chooses no layer (nearest: kind:linear")]
    [InlineData("gain, head", "model.gain (Parameter): the code of MixedNet reads it itself")]
    [InlineData("norm", "model.norm (Norm, 6) cannot be adapted: a norm's weight is no matrix")]
    [InlineData("kind:conv2d", "chooses no layer (nearest: kind:linear")]
    [InlineData("haed", "chooses no layer (nearest: head")]
    public void APatternOfNothingElseSaysWhy(string pattern, string said)
    {
        var error = Assert.Throws<LowrankException>(() => Model.Adapt(pattern, new LoraOptions(2)));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.All(Model.Components[0].Targets, t => Assert.Null(t.Layer.Host));
    }

    [Fact]
    public void OptionsOfAnotherMethodAreRefused()
    {
        var error = Assert.Throws<LowrankException>(() => Model.Adapt("head", new LokrOptions(new MethodOptions(2))));
        Assert.Contains("lora takes LoraOptions, and was given another method's LokrOptions", error.Message, StringComparison.Ordinal);
        Assert.Throws<LowrankException>(() => Model.Adapt("head", new LoraOptions(2), Methods.Named("hra")));
        using var general = Model.Adapt("head", new MethodOptions(2), Methods.Named("lokr"));
        Assert.Equal("lokr", general.Adapter.Targets["model.head"].Method.Name);
    }

    [Fact]
    public void AnAdapterOfAWiderModelIsRefusedWhereItIsAttached()
    {
        using var wider = nn.Sequential(("head", nn.Linear(12, 3)));
        using var made = AdapterFactory.Create(ModelDescription.Of(wider).Components[0].Targets.Select(t => t.Target), new LoraOptions(2));
        var error = Assert.Throws<LowrankException>(() => Model.Attach(made));
        Assert.Contains("Linear of shape (3, 12) at model.head, and the model has a Linear of (3, 6) there", error.Message, StringComparison.Ordinal);
        Assert.All(Model.Components[0].Targets, t => Assert.Null(t.Layer.Host));
    }
}
