namespace Lowrank.Adapters.Tests;

/// <summary>Attention, recurrent and bilinear layers of TorchSharp are adapted through their weights.</summary>
public class SealedWeightTests
{
    // Factors of float32 are multiplied in float32 before they are added.
    const double Tolerance = 1e-6;

    public static TheoryData<string> Names => [.. SealedCase.All.Select(one => one.Name)];

    static SealedCase Of(string name) => SealedCase.All.First(one => one.Name == name);

    static void Equal(Tensor[] want, Tensor[] got)
    {
        Assert.Equal(want.Length, got.Length);
        foreach (var (one, other) in want.Zip(got))
        {
            Assert.Equal(one.shape, other.shape);
            Assert.InRange((one - other).abs().max().ToDouble(), 0, Tolerance);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void EveryWeightIsATarget(string name)
    {
        using var net = new SealedNet(Of(name));
        var want = Of(name).Paths.Select(path => path.Length == 0 ? "model.inner" : $"model.inner.{path}");
        Assert.Equal(want, net.Model.Components[0].Targets.Select(t => t.Target.Path));
        Assert.All(net.Model.Unadaptable, layer => Assert.Equal("Parameter", layer.Kind));
        Assert.All(net.Model.Unadaptable, layer => Assert.Matches("bias_k|bias_v|in_proj_bias", layer.Path));
    }

    [Theory, MemberData(nameof(Names))]
    public void AdaptedIsACopyOfTheChangedWeights(string name)
    {
        using var scope = NewDisposeScope();
        using var net = new SealedNet(Of(name));
        using var plain = net.Copy(Of(name), 0);
        using var changed = net.Copy(Of(name), 1);
        using var half = net.Copy(Of(name), -0.5);
        Assert.True((Of(name).Call(plain)[0] - Of(name).Call(changed)[0]).abs().max().ToDouble() > 0.01);

        Equal(Of(name).Call(changed), Of(name).Call(net.Inner));
        net.Inner.eval();
        Equal(Of(name).Call(changed), Of(name).Call(net.Inner));
        net.Attachment.Strength = -0.5;
        Equal(Of(name).Call(half), Of(name).Call(net.Inner));
        net.Attachment.Active = false;
        Equal(Of(name).Call(plain), Of(name).Call(net.Inner));
        using (net.Model.Using(net.Attachment, 1)) Equal(Of(name).Call(changed), Of(name).Call(net.Inner));
    }

    [Theory, MemberData(nameof(Names))]
    public void GradientsAreThoseOfTheWeightsTakenToTheFactors(string name)
    {
        using var scope = NewDisposeScope();
        using var net = new SealedNet(Of(name));
        using var copy = net.Copy(Of(name), 1);
        Loss(Of(name).Call(copy)).backward();
        Loss(Of(name).Call(net.Inner)).backward();
        Backward.Rethrow();
        net.Attachment.AssertUsed();
        foreach (var (target, layer) in net.Model.Components[0].Targets)
        {
            var g = copy.get_parameter(((SealedWeight)layer).WeightName)!.grad!;
            var matrix = target.Kind == LayerKind.Embedding ? g.t() : g.reshape(g.shape[0], -1);
            var (up, down, scale) = net.Factors(target.Path);
            var parts = net.Attachment.Adapter.Targets[target.Path].Parts.ToDictionary(part => part.Part, part => part.Value);
            Assert.True(parts["up"].grad!.to(ScalarType.Float64).allclose(matrix.mm(down.t()) * scale, rtol: 1e-5, atol: 1e-5));
            Assert.True(parts["down"].grad!.to(ScalarType.Float64).allclose(up.t().mm(matrix) * scale, rtol: 1e-5, atol: 1e-5));
            Assert.Null(layer.Weight.Dense().grad);
        }
        Backward.Release();

        static Tensor Loss(Tensor[] answers) => answers.Select(answer => (answer + 0.3).square().sum()).Aggregate((a, b) => a + b);
    }

    [Theory, MemberData(nameof(Names))]
    public void MergedIsTheCopyAndUnmergedHasItsBitsAgain(string name)
    {
        using var scope = NewDisposeScope();
        using var net = new SealedNet(Of(name));
        using var changed = net.Copy(Of(name), 1);
        Tensor[] bits = [.. net.Inner.parameters().Select(p => p.detach().clone())];
        net.Model.Merge();
        Equal(Of(name).Call(changed), Of(name).Call(net.Inner));
        net.Model.Unmerge();
        Assert.All(net.Inner.parameters().Zip(bits), pair => Assert.True(pair.First.equal(pair.Second).all().ToBoolean()));
    }

    [Theory, MemberData(nameof(Names))]
    public void CallsLeaveNoTensorBehind(string name)
    {
        using var net = new SealedNet(Of(name));
        Step();
        LeakGuard.NoTensorLeaks(Step);

        void Step()
        {
            using var scope = NewDisposeScope();
            Of(name).Call(net.Inner)[0].sum().backward();
            Backward.Rethrow();
            Backward.Release();
        }
    }
}
