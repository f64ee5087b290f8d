namespace Lowrank.Adapters.Tests;

/// <summary>TorchSharp's own norms are adapted as ours are.</summary>
public class SealedNormTests
{
    public static TheoryData<string> Norms => ["layer", "group", "batch1", "batch2", "batch3", "instance"];

    static (nn.Module<Tensor, Tensor> Norm, long[] Input) Made(string name)
    {
        var made = Fresh(name);
        if (made.Norm is TorchSharp.Modules.GroupNorm group)   // whose weights TorchSharp 0.107 leaves as memory happens to be
        {
            nn.init.ones_(group.weight);
            nn.init.zeros_(group.bias);
        }
        return made;
    }

    static (nn.Module<Tensor, Tensor> Norm, long[] Input) Fresh(string name) => name switch
    {
        "layer" => (nn.LayerNorm(6), [4, 5, 6]),
        "group" => (nn.GroupNorm(3, 6), [4, 6, 5]),
        "batch1" => (nn.BatchNorm1d(6), [4, 6, 5]),
        "batch2" => (nn.BatchNorm2d(6), [4, 6, 3, 5]),
        "batch3" => (nn.BatchNorm3d(6), [4, 6, 2, 3, 2]),
        "instance" => (nn.InstanceNorm2d(6, affine: true), [4, 6, 3, 5]),
        _ => throw new ArgumentException(name),
    };

    [Theory, MemberData(nameof(Norms))]
    public void AttachedIsMergedAndDetachedIsTheBase(string name)
    {
        foreach (string method in new[] { "norm", "full", "ln-tuning", "whole" })
            foreach (bool training in new[] { false, true })
            {
                using var scope = NewDisposeScope();
                random.manual_seed(3);
                var (norm, shape) = Made(name);
                using var net = nn.Sequential(("norm", norm));
                net.call(randn(shape));   // running statistics that are not those of the beginning
                net.train(training);
                var x = randn(shape);
                var model = ModelDescription.Of(net);
                var plain = net.call(x);
                using var attachment = model.Adapt("*", new MethodOptions(2), Methods.Named(method));
                using (no_grad())
                    foreach (var part in attachment.Adapter.Trainable) part.add_(randn(part.shape) * 0.3);
                var attached = net.call(x);
                model.Merge();
                Close(attached, net.call(x));
                model.Unmerge();
                Assert.True(attached.sub(plain).abs().max().ToDouble() > 0.01, $"{method} changes nothing");
                attachment.Detach();
                Close(plain, net.call(x));
            }
    }

    [Fact]
    public void RunningStatisticsCountABatchOnce()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Sequential(("norm", nn.BatchNorm1d(6)));
        using var twin = nn.Sequential(("norm", nn.BatchNorm1d(6)));
        using var attachment = ModelDescription.Of(net).Adapt("*", new MethodOptions(1), Methods.Named("norm"));
        for (int i = 0; i < 3; i++)
        {
            var x = randn(8, 6) + i;
            net.call(x);
            twin.call(x);
        }
        foreach (var (mine, other) in net.named_buffers().Zip(twin.named_buffers()))
            Assert.True(mine.buffer.equal(other.buffer).all().ToBoolean(), mine.name);
    }

    [Fact]
    public void GradientsReachTheScaleAlone()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Sequential(("norm", nn.BatchNorm1d(6)));
        using var attachment = ModelDescription.Of(net).Adapt("norm", new MethodOptions(1), Methods.Named("norm"));
        net.call(randn(8, 6)).pow(2).sum().backward();
        Backward.Rethrow();
        Assert.All(attachment.Adapter.Trainable, part => Assert.True(part.grad!.abs().sum().ToDouble() > 0));
        Assert.All(net.parameters(), parameter => Assert.Null(parameter.grad));
    }

    // float32: the same sums in the same order but for the product with the scale.
    static void Close(Tensor a, Tensor b) => Assert.True((a - b).abs().max().ToDouble() < 1e-5, $"{(a - b).abs().max().ToDouble()}");
}
