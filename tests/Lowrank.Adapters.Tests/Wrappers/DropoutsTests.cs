namespace Lowrank.Adapters.Tests;

public class DropoutsTests
{
    static readonly MethodOptions shared = new(3, 2);

    static (SequenceModel Model, IAdaptable Layer, Adapter Adapter) Made(MethodDescriptor method, MethodOptions options)
    {
        var generator = new Generator(5);
        var model = new SequenceModel(new Linear(7, 5));
        var description = model.Describe();
        var (target, layer) = description.Components[0].Targets[0];
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var parameter in model.parameters()) parameter.copy_(randn(parameter.shape, generator: generator));
        var adapter = AdapterFactory.Create(description, [target], method, options, generator);
        foreach (var part in adapter.Trainable) part.copy_(randn(part.shape, generator: generator));
        return (model, layer, adapter);
    }

    public static IEnumerable<TheoryDataRow<MethodOptions>> Styles =>
    [
        new(shared with { RankDropout = 0.5, DropoutStyle = DropoutStyle.Lycoris }), new(shared with { RankDropout = 0.5, RankDropoutScale = true, DropoutStyle = DropoutStyle.Lycoris }),
        new(shared with { RankDropout = 0.5, Dropout = 0.5, DropoutStyle = DropoutStyle.LycorisBypass }), new(shared with { Dropout = 0.5, DropoutStyle = DropoutStyle.Peft }),
        new(shared with { RankDropout = 0.5, Dropout = 0.5, DropoutStyle = DropoutStyle.Kohya }), new(shared with { RankDropout = 0.5, Dora = DoraAxis.Output }),
        new(shared with { RankDropout = 0.5, LearnedScalar = true, DropoutStyle = DropoutStyle.Lycoris }),
    ];

    [Fact]
    public void AMethodSaysWhetherAShareOfItsChangeCanBeDropped()
    {
        using var scope = NewDisposeScope();
        foreach (var method in Methods.All)
            if (MethodVariant.Try(method, MethodVariant.Example(method)) is { } made)
                Assert.True(method.Dropouts.ActOnChange == (made is AdditiveReparameterization || method.Dropouts.Own.Count > 0), method.Name);
    }

    [Theory, MemberData(nameof(Styles))]
    public void WhatIsDroppedIsDrawnAnewInTrainingAndNothingIsDroppedAfterIt(MethodOptions options)
    {
        using var scope = NewDisposeScope();
        var (model, layer, adapter) = Made(Lora.Descriptor, options);
        var plain = Made(Lora.Descriptor, options with { Dropout = 0, RankDropout = 0 }).Adapter;
        var x = randn([4, 7], generator: new Generator(1));
        using var attachment = model.Describe().Attach(adapter);
        adapter.Train(true);
        // Two draws alone may well be the same.
        Assert.Contains(Enumerable.Range(0, 40), _ => !model.call(x).allclose(model.call(x)));
        random.manual_seed(4);
        var first = model.call(x);
        random.manual_seed(4);
        Close.Same(first, model.call(x));
        adapter.Train(false);
        Close.Equal(plain.Targets.Values.Single().Forward(x, layer, 1), model.call(x));
    }

    [Fact]
    public void TheMaskOfABuiltWeightIsTheSameInBackward()
    {
        using var scope = NewDisposeScope();
        var (model, layer, adapter) = Made(Lora.Descriptor, shared with { RankDropout = 0.5, DropoutStyle = DropoutStyle.Lycoris });
        using var attachment = model.Describe().Attach(adapter);
        adapter.Train(true);
        random.manual_seed(4);
        var answer = model.call(randn([4, 7], generator: new Generator(1)));
        answer.sum().backward();
        Backward.Rethrow();
        var up = adapter.Targets.Values.Single().named_parameters().Single(p => p.name.EndsWith("up", StringComparison.Ordinal)).parameter;
        random.manual_seed(4);
        var kept = rand(5) > 0.5;
        Close.Same(kept, up.grad!.abs().sum(dim: 1) > 0);
    }

    [Fact]
    public void ADropoutActsBesideAChangeOfTheBias()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (_, layer, adapter) = Made(Lora.Descriptor, shared with { Dropout = 0.5, DropoutStyle = DropoutStyle.Peft });
        var lora = adapter.Targets.Values.Single();
        var bias = randn(5, generator: new Generator(2));
        using var biased = new BiasChange(lora, bias);
        biased.train(true);
        var x = randn([4, 7], generator: new Generator(1));
        random.manual_seed(4);
        var alone = lora.Branch(x, layer, 1);
        random.manual_seed(4);
        Assert.True(biased.HasBranch);
        Close.Same(alone + bias, biased.Branch(x, layer, 1));
        random.manual_seed(4);
        var whole = lora.Forward(x, layer, 1);
        random.manual_seed(4);
        Close.Same(whole + bias, biased.Forward(x, layer, 1));
    }

    [Fact]
    public void AModuleThatIsLeftOutLeavesTheLayerAlone()
    {
        using var scope = NewDisposeScope();
        foreach (var options in new[] { shared with { ModuleDropout = 0.9 }, shared with { ModuleDropout = 0.9, Dora = DoraAxis.Output, LearnedScalar = true } })
        {
            var (model, layer, adapter) = Made(Lora.Descriptor, options);
            using var attachment = model.Describe().Attach(adapter);
            adapter.Train(true);
            var x = randn([4, 7], generator: new Generator(1));
            int left = Enumerable.Range(0, 200).Count(_ => model.call(x).allclose(layer.Run(x)));
            Assert.InRange(left, 160, 198);
        }
    }

    [Theory]
    [InlineData(0.5, 0, "lycoris", null, "does nothing where lora's weight is built")]
    [InlineData(0.5, 0, "peft", DoraAxis.Output, "DoRA builds the weight")]
    [InlineData(0, 0.5, "kohya", DoraAxis.Output, "plain LoRA")]
    [InlineData(0, 0.5, "peft", null, "no rank dropout")]
    public void ADropoutThatWouldDoNothingIsRefused(double dropout, double ranks, string style, DoraAxis? axis, string told) =>
        Assert.Contains(told, Assert.Throws<LowrankException>(() => Made(Lora.Descriptor, shared with { Dropout = dropout, RankDropout = ranks, DropoutStyle = DropoutStyle.Named(style), Dora = axis })).Message);
}
