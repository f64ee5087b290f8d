namespace Lowrank.Adapters.Tests;

/// <summary>Parameters that a module's own code reads are adapted call by call.</summary>
public class AdaptableParameterTests
{
    sealed class Mixing : nn.Module<Tensor, Tensor>
    {
        readonly AdaptableParameter mixing, gain;

        public Mixing() : base(nameof(Mixing))
        {
            var generator = new Generator(TestSeeds.Of(4));
            mixing = new(randn(6, 5, ScalarType.Float64, generator: generator));
            gain = new(randn(5, ScalarType.Float64, generator: generator));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => x.matmul(mixing.Value).tanh() * gain.Value;

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                foreach (var child in children()) child.Dispose();
            base.Dispose(disposing);
        }
    }

    static Tensor X => randn(3, 6, ScalarType.Float64, generator: new Generator(TestSeeds.Of(2)));

    // tanh(x·M)⊙g, written out.
    static Tensor Want(Mixing net, Adapter? adapter = null)
    {
        var values = net.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach());
        var matrix = values["mixing.weight"];
        if (adapter is not null)
        {
            var parts = adapter.Targets["model.mixing"].Parts.ToDictionary(part => part.Part, part => part.Value.detach().to(ScalarType.Float64));
            matrix = matrix + parts["up"].mm(parts["down"]) * (parts["alpha"].ToDouble() / parts["down"].shape[0]);
        }
        return X.matmul(matrix).tanh() * values["gain.weight"];
    }

    static Attachment Trained(ModelDescription model)
    {
        var attachment = model.Adapt("mixing", new LoraOptions(2, 3));
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var part in attachment.Adapter.Trainable) part.copy_(randn(part.shape, generator: new Generator(TestSeeds.Of(3))) * 0.5);
        return attachment;
    }

    [Fact]
    public void EachCallHasItsOwnValue()
    {
        using var scope = NewDisposeScope();
        using var net = new Mixing();
        var model = ModelDescription.Of(net);
        using var attachment = Trained(model);
        Assert.True((Want(net) - Want(net, attachment.Adapter)).abs().max().ToDouble() > 0.01);
        Assert.True(net.call(X).allclose(Want(net, attachment.Adapter), 1e-6, 1e-6));
        attachment.Active = false;
        Assert.True(net.call(X).allclose(Want(net), 1e-12, 1e-12));
        using (model.Using(attachment)) Assert.True(net.call(X).allclose(Want(net, attachment.Adapter), 1e-6, 1e-6));
        attachment.Active = true;
        model.Merge();
        Assert.True(net.call(X).allclose(Want(net), 1e-12, 1e-12));
        model.Unmerge();
        Assert.True(net.call(X).allclose(Want(net, attachment.Adapter), 1e-6, 1e-6));
    }

    [Fact]
    public void GradientsReachTheFactorsAndNotTheParameter()
    {
        using var scope = NewDisposeScope();
        using var net = new Mixing();
        var model = ModelDescription.Of(net);
        using var attachment = Trained(model);
        net.call(X).square().sum().backward();
        Backward.Rethrow();
        attachment.AssertUsed();
        Assert.All(net.parameters(), parameter => Assert.Null(parameter.grad));

        var parts = attachment.Adapter.Targets["model.mixing"].Parts.ToDictionary(part => part.Part, part => part.Value);
        var leaf = (net.get_parameter("mixing.weight")!.detach() + (parts["up"].mm(parts["down"]) * 1.5).detach().to(ScalarType.Float64)).requires_grad_();
        var g = autograd.grad([(X.matmul(leaf).tanh() * net.get_parameter("gain.weight")!.detach()).square().sum()], [leaf])[0]!;
        Assert.True(parts["down"].grad!.to(ScalarType.Float64).allclose(parts["up"].detach().to(ScalarType.Float64).t().mm(g) * 1.5, 1e-5, 1e-5));
        Assert.True(parts["up"].grad!.to(ScalarType.Float64).allclose(g.mm(parts["down"].detach().to(ScalarType.Float64).t()) * 1.5, 1e-5, 1e-5));
        Backward.Release();
    }

    [Fact]
    public void AVectorTakesMethodsOfVectorsAndPatternsFindBoth()
    {
        using var net = new Mixing();
        var model = ModelDescription.Of(net);
        Assert.Empty(model.Unadaptable);
        using (var both = model.Adapt("kind:parameter", new MethodOptions(1), Methods.Named("full"))) Assert.Equal(2, both.Adapter.Targets.Count);
        var error = Assert.Throws<LowrankException>(() => model.Adapt("gain", new LoraOptions(2)));
        Assert.Contains("a norm's weight is no matrix", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CallsLeaveNoTensorBehind()
    {
        using var net = new Mixing();
        using var attachment = Trained(ModelDescription.Of(net));
        Step();
        LeakGuard.NoTensorLeaks(Step);

        void Step()
        {
            using var scope = NewDisposeScope();
            net.call(X).sum().backward();
            Backward.Rethrow();
            Backward.Release();
        }
    }
}
