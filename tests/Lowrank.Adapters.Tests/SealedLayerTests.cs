namespace Lowrank.Adapters.Tests;

/// <summary>Models of TorchSharp's own sealed layers are adapted as ours are.</summary>
public class SealedLayerTests
{
    sealed class ForeignNet : nn.Module<Tensor, Tensor>
    {
        readonly TorchSharp.Modules.Embedding tokens = nn.Embedding(11, 6);
        readonly TorchSharp.Modules.Conv1d conv = nn.Conv1d(6, 8, 3, stride: 2, padding: 1, groups: 2);
        readonly TorchSharp.Modules.Conv1d same = nn.Conv1d(8, 5, 3, padding: Padding.Same, bias: false);
        readonly TorchSharp.Modules.Sequential head = nn.Sequential(nn.Linear(5, 7), nn.SiLU(), nn.Linear(7, 3));

        public ForeignNet() : base(nameof(ForeignNet)) => RegisterComponents();

        public bool ByCall { get; init; } = true;

        public override Tensor forward(Tensor ids)
        {
            var x = tokens.call(ids).transpose(1, 2);
            x = ByCall ? conv.call(x) : conv.forward(x);
            return head.call(same.call(x).transpose(1, 2));
        }

        protected override void Dispose(bool disposing)
        {
            foreach (var child in children()) child.Dispose();
            base.Dispose(disposing);
        }
    }

    static Adapter Trained(ModelDescription model, int rank, long seed)
    {
        var generator = new Generator((ulong)seed);
        var adapter = AdapterFactory.Create(model.Components[0].Targets.Select(t => t.Target), new LoraOptions(rank, 2), generator);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var part in adapter.Trainable) part.copy_(randn(part.shape, generator: generator) * 0.3);
        return adapter;
    }

    [Fact]
    public void EveryKindOfSealedLayerIsATarget()
    {
        using var net = new ForeignNet();
        Assert.Equal(
            ["model.tokens Embedding", "model.conv Conv1d", "model.same Conv1d", "model.head.0 Linear", "model.head.2 Linear"],
            ModelDescription.Of(net).Components[0].Targets.Select(t => $"{t.Target.Path} {t.Target.Kind}"));
    }

    [Fact]
    public void AttachedIsMergedAndDetachedIsTheBase()
    {
        using var scope = NewDisposeScope();
        using var net = new ForeignNet();
        var model = ModelDescription.Of(net);
        using Adapter one = Trained(model, 3, 1), other = Trained(model, 1, 2);
        var ids = randint(0, 11, [2, 9]);
        Tensor[] bits = [.. net.parameters().Select(p => p.detach().clone())];
        var plain = net.call(ids);

        using var first = model.Attach(one, 0.7);
        using var second = model.Attach(other, -0.5);
        var attached = net.call(ids);
        Assert.True((attached - plain).abs().max().ToDouble() > 0.01);
        model.Merge();
        Assert.True(attached.allclose(net.call(ids), rtol: 1e-4, atol: 1e-5));
        Assert.True(attached.allclose(net.forward(ids), rtol: 1e-4, atol: 1e-5));
        model.Unmerge();
        first.Detach();
        second.Detach();

        Assert.All(net.parameters().Zip(bits), pair => Assert.True(pair.First.allclose(pair.Second, 0, 0)));
        Assert.True(plain.allclose(net.call(ids), 0, 0));
    }

    [Fact]
    public void GradientsAreThoseOfTheFormulaAndNoneReachTheWeights()
    {
        using var scope = NewDisposeScope();
        using var net = new ForeignNet();
        var model = ModelDescription.Of(net);
        using var adapter = Trained(model, 2, 3);
        var targets = model.Components[0].Targets;
        var ids = randint(0, 11, [2, 8]);
        using (model.Attach(adapter, 0.7))
        {
            net.call(ids).square().sum().backward();
            Backward.Rethrow();
            Assert.All(targets, t => Assert.Null(t.Layer.Weight.Dense().grad));
            Assert.All(targets, t => Assert.False(t.Layer.Weight.Dense().requires_grad));
        }
        Assert.All(targets, t => Assert.True(t.Layer.Weight.Dense().requires_grad));
        Tensor[] parts = [.. adapter.Trainable];
        Tensor[] got = [.. parts.Select(p => p.grad!.clone())];

        // The same network, written out with the formula's weights.
        var w = targets.ToDictionary(t => t.Target.Path[6..], t => t.Target.FromMatrix(adapter.Targets[t.Target.Path].Apply(t.Target.ToMatrix(t.Layer.Weight.Dense().detach()), 0.7)));
        Tensor Run(string name, Tensor x) => targets.First(t => t.Target.Path == "model." + name).Layer.Run(x, w[name]);
        var y = Run("same", Run("conv", Run("tokens", ids).transpose(1, 2))).transpose(1, 2);
        y = Run("head.2", nn.functional.silu(Run("head.0", y)));
        var want = autograd.grad([y.square().sum()], parts);
        Assert.All(got.Zip(want), pair => Assert.True(pair.First.allclose(pair.Second, rtol: 1e-3, atol: 1e-4)));
    }

    [Fact]
    public void ALayerThatIsRunByForwardIsReported()
    {
        using var scope = NewDisposeScope();
        using var net = new ForeignNet { ByCall = false };
        var model = ModelDescription.Of(net);
        using var adapter = Trained(model, 2, 3);
        using var attachment = model.Attach(adapter);
        net.call(randint(0, 11, [2, 8])).Dispose();
        var error = Assert.Throws<LowrankException>(attachment.AssertUsed);
        Assert.Contains("model.conv", error.Message, StringComparison.Ordinal);
        Assert.Contains("layer.call(x)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StepsLeaveNoTensorBehind()
    {
        using var net = new ForeignNet();
        var model = ModelDescription.Of(net);
        using var adapter = Trained(model, 2, 3);
        using var attachment = model.Attach(adapter);
        Step();
        LeakGuard.NoTensorLeaks(Step);

        void Step()
        {
            using var scope = NewDisposeScope();
            net.call(randint(0, 11, [2, 8])).square().sum().backward();
            Backward.Rethrow();
            Backward.Release();
        }
    }
}
