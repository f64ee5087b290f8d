namespace Lowrank.Adapters.Tests;

/// <summary>What chance leaves out of adapters follows the model's mode, as <c>train</c> and <c>eval</c> set it.</summary>
public sealed class LayerModeTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly Tensor x = randn([6, 8], generator: new Generator(1), device: CPU);

    public void Dispose() => scope.Dispose();

    public static TheoryData<string, MethodOptions, bool> Chances
    {
        get
        {
            var chances = new Dictionary<string, (string Method, MethodOptions Options)>
            {
                ["kohya"] = ("lora", new LoraOptions(4) { Dropout = 0.5, RankDropout = 0.3 }),
                ["peft"] = ("lora", new LoraOptions(4) { Dropout = 0.5, DropoutStyle = DropoutStyle.Peft }),
                ["lycoris"] = ("loha", new MethodOptions(4) { RankDropout = 0.5 }),
                ["bypass"] = ("loha", new MethodOptions(4) { Dropout = 0.5, DropoutStyle = DropoutStyle.LycorisBypass }),
                ["module"] = ("lora", new LoraOptions(4) { ModuleDropout = 0.5 }),
                ["dora"] = ("lora", new LoraOptions(4) { RankDropout = 0.5, Dora = DoraAxis.Output }),
                ["bias"] = ("lora", new LoraOptions(4) { Dropout = 0.5, TrainBias = true }),
                ["oft"] = ("diag-oft", new MethodOptions(4) { RankDropout = 0.3 }),
            };
            var data = new TheoryData<string, MethodOptions, bool>();
            foreach (var (_, (method, options)) in chances)
            {
                data.Add(method, options, true);
                data.Add(method, options, false);
            }
            return data;
        }
    }

    static nn.Module<Tensor, Tensor> Net(bool own) => own
        ? new SequenceModel(new Linear(8, 8), new Linear(8, 8))
        : nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 8));

    static Attachment Adapted(nn.Module<Tensor, Tensor> net, string method, MethodOptions options)
    {
        using var grad = no_grad();
        foreach (var parameter in net.parameters()) parameter.copy_(randn(parameter.shape, generator: new Generator(2), device: CPU) * 0.3);
        var attachment = ModelDescription.Of(net).Adapt("*", options, Methods.Named(method));
        foreach (var part in attachment.Adapter.Trainable) part.copy_(randn(part.shape, generator: new Generator(3), device: CPU) * 0.3);
        return attachment;
    }

    [Theory, MemberData(nameof(Chances))]
    public void EvalLeavesNothingToChanceAndTrainDoesAgain(string method, MethodOptions options, bool own)
    {
        using var net = Net(own);
        using var attachment = Adapted(net, method, options);
        net.eval();
        var rested = net.call(x);
        Assert.All(Enumerable.Range(0, 20), _ => Close.Same(rested, net.call(x)));
        net.train();
        Assert.Contains(Enumerable.Range(0, 40), _ => !net.call(x).allclose(rested));
        attachment.Adapter.Train(false);
        Close.Same(rested, net.call(x));
    }

    [Theory, MemberData(nameof(Chances))]
    public void WhatIsMergedWhileTrainingIsWhole(string method, MethodOptions options, bool own)
    {
        using var net = Net(own);
        using var attachment = Adapted(net, method, options);
        net.eval();
        var rested = net.call(x);
        net.train();
        var model = ModelDescription.Of(net);
        using var grad = no_grad();
        model.Merge();
        Assert.True(rested.allclose(net.call(x), rtol: 1e-4, atol: 1e-4));
        model.Unmerge();
    }

    [Fact]
    public void AModeThatChangesBeforeBackwardDoesNotChangeTheMask()
    {
        using var net = Net(own: true);
        using var attachment = Adapted(net, "loha", new MethodOptions(4) { RankDropout = 0.5 });
        random.manual_seed(7);
        var gradients = Gradients(() => { });
        attachment.Adapter.Trainable.ToList().ForEach(part => part.grad = null);
        random.manual_seed(7);
        Assert.All(gradients.Zip(Gradients(net.eval)), pair => Close.Same(pair.First, pair.Second));

        List<Tensor> Gradients(Action between)
        {
            net.train();
            var loss = net.call(x).square().sum();
            between();
            loss.backward();
            Backward.Rethrow();
            return [.. attachment.Adapter.Trainable.Select(part => part.grad!.clone())];
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void AStepFromWhichEveryAdapterIsLeftOutGoesBackward(bool own)
    {
        using var net = Net(own);
        using var attachment = Adapted(net, "lora", new LoraOptions(4) { ModuleDropout = 0.95 });
        for (int i = 0; i < 20; i++)
        {
            net.call(x).sum().backward();
            Backward.Rethrow();
        }
    }

    [Fact]
    public void ADropoutAfterWhatBuildsTheWeightActsAndOneBeforeItIsRefused()
    {
        using var net = Net(own: true);
        var model = ModelDescription.Of(net);
        using var dropping = Adapted(net, "lora", new LoraOptions(4) { Dropout = 0.5 });
        using (Adapted(net, "oft", new MethodOptions(4)))
        {
            Assert.Contains("dropout", Assert.Throws<LowrankException>(() => net.call(x)).Message, StringComparison.Ordinal);
            net.eval();
            net.call(x).Dispose();
            net.train();
        }
        using var building = Adapted(net, "oft", new MethodOptions(4));
        dropping.Active = false;
        using var after = Adapted(net, "lora", new LoraOptions(4) { Dropout = 0.5 });
        Assert.Contains(Enumerable.Range(0, 40), _ => !net.call(x).allclose(net.call(x)));
    }
}
