using TorchSharp.Modules;

namespace Lowrank.Adapters.Tests;

/// <summary>What somebody wrote into a merged layer is not lost by unmerging, whichever way it was written.</summary>
public sealed class WrittenValuesTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly TorchSharp.Modules.Linear linear = nn.Linear(70, 90);
    readonly TorchSharp.Modules.Embedding words = nn.Embedding(7, 5, max_norm: 1);
    readonly HeldNet net;
    readonly ModelDescription model;
    readonly Tensor before;

    public WrittenValuesTests()
    {
        net = new HeldNet(("linear", linear), ("words", words));
        model = ModelDescription.Of(net);
        before = linear.weight!.detach().clone();
    }

    public void Dispose()
    {
        net.Dispose();
        scope.Dispose();
    }

    static void Fill(Adapter adapter)
    {
        using var grad = no_grad();
        foreach (var part in adapter.Trainable) part.normal_(0, 0.1);
    }

    Attachment Merged(string pattern, bool bias = false)
    {
        var attachment = model.Adapt(pattern, new LoraOptions(2) { TrainBias = bias });
        Fill(attachment.Adapter);
        model.Merge();
        return attachment;
    }

    public static TheoryData<string> Ways =>
    [
        "in place", "one value", "equal values", "loaded", "replaced", "past libtorch", "past libtorch, the last rows",
        "through a view", "through what is detached", "bias",
    ];

    void Write(string way)
    {
        using var grad = no_grad();
        var weight = linear.weight!;
        switch (way)
        {
            case "in place": weight.mul_(2); break;
            case "one value": weight[33, 1] += 1; break;   // none of those that are looked at
            case "equal values": weight.copy_(weight.clone()); break;
            case "loaded": net.load_state_dict(net.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone())); break;
            case "replaced": linear.weight = new Parameter(randn(90, 70, device: CPU)); break;
            case "past libtorch": weight.bytes.Fill(7); break;
            case "past libtorch, the last rows": weight.bytes[^(3 * 70 * 4)..].Fill(7); break;
            case "through a view": weight.view(-1).narrow(0, 5, 2).zero_(); break;
            case "through what is detached": weight.detach().zero_(); break;
            default: linear.bias!.add_(1); break;
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public void WhateverWasWrittenIsFoundAndStays(string way)
    {
        using var attachment = Merged("linear", bias: way == "bias");
        Write(way);
        Tensor weight = linear.weight!.detach().clone(), bias = linear.bias!.detach().clone();
        string told = Assert.Throws<LowrankException>(() => model.Unmerge()).Message;
        Assert.Contains("model.linear (Linear, 90x70) was loaded or changed", told, StringComparison.Ordinal);
        Close.Same(weight, linear.weight!);
        Close.Same(bias, linear.bias!);
        model.Unmerge(discardEdits: true);
        if (!way.StartsWith("replaced", StringComparison.Ordinal)) Close.Same(before, linear.weight!);
    }

    [Fact]
    public void ACallOfAnEmbeddingWithALimitOfNormsIsWriting()
    {
        using var attachment = Merged("words");
        words.call(tensor(new long[] { 3 }, device: CPU));
        Assert.Throws<LowrankException>(() => model.Unmerge());
        model.Unmerge(discardEdits: true);
    }

    [Fact]
    public void WhatOnlyReadsIsNoWriting()
    {
        using var attachment = Merged("linear", bias: true);
        var x = randn([3, 70], device: CPU).requires_grad_();
        linear.call(x).sum().backward();
        net.eval();
        net.state_dict();
        linear.weight!.requires_grad = true;
        _ = linear.weight!.bytes.Length;
        model.Unmerge();
        Close.Same(before, linear.weight!);
    }

    [Fact]
    public void ThereAndBackIsNoWriting()
    {
        using var attachment = Merged("linear");
        net.to(ScalarType.Float64);
        net.to(ScalarType.Float32);
        model.Unmerge();
        Close.Same(before, linear.weight!);
    }

    [Fact]
    public void WhatWasMadeInInferenceModeIsMergedAndUnmerged()
    {
        using var mode = inference_mode();
        using var made = new HeldNet(("linear", nn.Linear(6, 5)));
        var described = ModelDescription.Of(made);
        using var attachment = described.Adapt("linear", new LoraOptions(2));
        Fill(attachment.Adapter);
        described.Merge();
        described.Unmerge();
    }

    [Theory, InlineData(ScalarType.BFloat16), InlineData(ScalarType.Float64)]
    public void InAnotherDtypeNothingIsToldAndTheBitsComeBackInIt(ScalarType dtype)
    {
        using var attachment = Merged("linear");
        net.to(dtype);
        model.Unmerge();
        Close.Same(before.to(dtype), linear.weight!);
    }

    [Fact]
    public void AWeightOfStridesIsLookedAtToo()
    {
        var rows = randn(70, 90, device: CPU);
        var written = WrittenValues.Of(rows.t());
        Assert.True(written.StillStand(WrittenValues.Of(rows.t())));
        rows.bytes[^(3 * 90 * 4)..].Fill(7);
        Assert.False(written.StillStand(WrittenValues.Of(rows.t())));
    }

    [Fact]
    public void TensorsEndWithTheirScope() => LeakGuard.NoTensorLeaks(() =>
    {
        using var inner = NewDisposeScope();
        var values = ones([3, 70, 3, 3], device: CPU);
        Assert.True(WrittenValues.Of(values).StillStand(WrittenValues.Of(values)));
        var written = WrittenValues.Of(values);
        values.zero_();
        Assert.False(written.StillStand(WrittenValues.Of(values)));
    });
}
