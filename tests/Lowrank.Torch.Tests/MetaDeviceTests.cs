namespace Lowrank.Torch.Tests;

/// <summary>libtorch's meta device holds shapes without values, and mixes with no other device: what runs there makes no tensor on the CPU
/// behind its caller's back, and so runs on every device.</summary>
public class MetaDeviceTests
{
    static readonly Storage there = new(ScalarType.Float32, META);

    static Tensor On(params long[] shape) => zeros(shape, device: META);

    static Tensor Leaf(params long[] shape) => zeros(shape, device: META, requires_grad: true);

    sealed record Part(Func<Tensor> Input, Func<Tensor, Tensor> Run);

    static readonly Dictionary<string, Part> thereAndBack = new()
    {
        ["linear layer"] = new(() => Leaf(2, 4), x => Answer(new Linear(4, 6, true, there), x)),
        ["GPT-2's linear layer"] = new(() => Leaf(2, 4), x => Answer(new Conv1D(4, 6, there), x)),
        ["LoRA"] = new(() => Leaf(2, 4), x => LoraLinear.Run(x, On(6, 4), On(6), Leaf(2, 4), Leaf(6, 2), 0.5)),
        ["Kronecker product"] = new(() => Leaf(2, 4), x => KroneckerLinear.Run(x, On(6, 4), On(6), Leaf(2, 2), Leaf(3, 2), 0.5)),
        ["rotated output"] = new(() => Leaf(2, 4), x => RotatedLinear.Run(x, On(6, 4), On(6), Leaf(2, 3, 3))),
        ["butterfly"] = new(() => Leaf(2, 4), x => ButterflyLinear.Run(x, On(8, 4), On(8), Leaf(2, 2, 4, 4))),
        ["Cayley transform"] = new(() => Leaf(2, 4, 4), CayleyTransform.Run),
        ["scaled columns"] = new(() => Leaf(2, 4), x => ScaledLinear.Run(x, On(6, 4), On(6), Leaf(2, 4), Leaf(6, 2), 0.5, null, On(4))),
        ["built weight"] = new(() => Leaf(2, 4), x => Built(x, Leaf(6, 4))),
        ["checkpoint"] = new(() => Leaf(2, 4), x => Checkpoint.Run(y => y.tanh(), x)),
    };

    static Tensor Answer(Layer layer, Tensor x)
    {
        using (layer) return layer.call(x);
    }

    static Tensor Built(Tensor x, Tensor leaf) =>
        BuiltWeight.Run(x, [leaf], () => (leaf * 2, null), (input, weight, bias) => nn.functional.linear(input, weight, bias));

    // libtorch's own words for what it cannot do without values; where one of them is mended, the test says so.
    static readonly Dictionary<string, (Part Part, string Cause)> needValues = new()
    {
        ["convolution over (B, C, L)"] = (new(() => On(2, 4, 5), x => Answer(new Conv1d(4, 4, 3, storage: there), x)), "convolution_overrideable"),
        ["convolution over (B, C, H, W)"] = (new(() => On(2, 4, 5, 5), x => Answer(new Conv2d(4, 4, 3, storage: there), x)), "convolution_overrideable"),
        ["layer norm"] = (new(() => On(2, 4), x => Answer(new LayerNorm(4, storage: there), x)), "aten::native_batch_norm"),
        ["group norm"] = (new(() => On(2, 4, 3), x => Answer(new GroupNorm(2, 4, storage: there), x)), "aten::native_batch_norm"),
        ["embedding"] = (new(() => zeros([2, 3], ScalarType.Int64, META), x => Answer(new Embedding(4, 4, there), x)), "aten::index_select"),
        ["attention"] = (new(() => On(2, 3, 4), x => Attention.Run(x, x, x, 2)), "aten::where"),
        ["singular values"] = (new(() => On(4, 3), x => TruncatedSvd.Full(x).Values), "Cannot copy out of meta tensor"),
        ["gradient of scaled rows"] = (new(() => Leaf(2, 4), x => ScaledLinear.Run(x, On(6, 4), On(6), null, null, 1, Leaf(6), null)), "aten::abs"),
    };

    public static TheoryData<string> ThereAndBack => [.. thereAndBack.Keys];

    public static TheoryData<string> NeedValues => [.. needValues.Keys];

    [Theory, MemberData(nameof(ThereAndBack))]
    public void RunsForwardAndBackWithoutATensorOfTheCpu(string name) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var (input, run) = thereAndBack[name];
        var x = input();
        var y = run(x);
        Assert.Equal(DeviceType.META, y.device_type);
        y.sum().backward();
        Backward.Rethrow();
        Backward.Release();
        Assert.Equal(DeviceType.META, x.grad!.device_type);
    });

    [Theory, MemberData(nameof(NeedValues))]
    public void WhatNeedsValuesSaysSoInLibtorchsWords(string name)
    {
        using var scope = NewDisposeScope();
        var ((input, run), cause) = needValues[name];
        var error = Assert.ThrowsAny<Exception>(() =>
        {
            var y = run(input());
            if (!y.requires_grad) return;
            y.sum().backward();
            Backward.Rethrow();
        });
        Backward.Release();
        Assert.Contains(cause, error.Message);
    }

    [Fact]
    public void ATensorOfTheCpuIsFoundOut()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("meta and cpu", Assert.ThrowsAny<Exception>(() => On(2, 4) + zeros([2, 4], device: CPU)).Message);
    }

    [Fact]
    public void AModelMovesThereWhole()
    {
        using var scope = NewDisposeScope();
        using var linear = new Linear(4, 6);
        linear.to(META);
        Assert.All(linear.parameters(), parameter => Assert.Equal(DeviceType.META, parameter.device_type));
        Assert.Equal([2, 6], linear.call(On(2, 4)).shape);
    }

    [Fact]
    public void StorageIsExchangedAndChangesAreCountedThere()
    {
        using var scope = NewDisposeScope();
        var x = On(3);
        x.TakeStorage(On(3));
        long before = x.Version();
        x.add_(1);
        Assert.Equal(before + 1, x.Version());
        Assert.True(ScalarType.Float16.Holds(x));
        using var scratch = new Scratch();
        Assert.Equal(DeviceType.META, scratch.Copy(x, ScalarType.BFloat16).device_type);
    }
}
