namespace Lowrank.Adapters.Tests;

/// <summary>Adapters that are switched, left out for a block, or given to single rows of a batch.</summary>
public sealed class PerRowTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly Generator generator = new(3);

    public void Dispose() => scope.Dispose();

    (SequenceModel Model, ModelDescription Description, Adapter[] Adapters, Tensor X) Made(string method, string layer, ScalarType dtype = ScalarType.Float32)
    {
        var layerCase = LayerCase.All.First(l => l.Name == layer);
        var model = new SequenceModel(layerCase.Make(new Storage(dtype)));
        var description = model.Describe();
        using (no_grad())
            foreach (var parameter in model.parameters()) parameter.copy_(randn(parameter.shape, generator: generator));
        var variant = MethodVariant.All.First(v => v.Name == method);
        var adapters = Enumerable.Range(0, 2).Select(_ =>
        {
            var made = AdapterFactory.Create(description, [description.Components[0].Targets[0].Target], variant.Method, variant.Options, generator);
            made.Train(false);
            using var grad = no_grad();
            foreach (var part in made.Trainable) part.copy_(randn(part.shape, generator: generator) * 0.5);
            return made;
        }).ToArray();
        long[] shape = [5, .. layerCase.InputShape[1..]];
        bool ids = description.Components[0].Targets[0].Layer.Kind == LayerKind.Embedding;
        return (model, description, adapters, ids ? randint(0, 6, shape, generator: generator) : randn(shape, generator: generator));
    }

    public static IEnumerable<TheoryDataRow<string, string>> Mixed =>
        from method in new[] { "lora", "loha", "lokr", "ia3", "diag-oft", "lora, DoRA out", "glora", "full" }
        from layer in new[] { "linear", "GPT-2 Conv1D", "embedding", "conv 3x3", "TorchSharp's linear", "linear of even sizes" }
        where MethodVariant.All.First(v => v.Name == method).Fits(TargetOf(layer))
        select new TheoryDataRow<string, string>(method, layer);

    static Target TargetOf(string layer)
    {
        using var model = new SequenceModel(LayerCase.All.First(l => l.Name == layer).Make(Storage.Default));
        return model.Describe().Components[0].Targets[0].Target;
    }

    [Theory, MemberData(nameof(Mixed))]
    public void EachRowHasItsOwnAdapterValuesAndGradients(string method, string layer)
    {
        var (model, description, adapters, x) = Made(method, layer);
        using var a = description.Attach(adapters[0], 0.7);
        using var b = description.Attach(adapters[1]);
        Attachment?[] rows = [b, null, a, b, a];
        var direction = randn(Run(x.narrow(0, 0, 5)).shape, generator: generator);

        // Each row run alone, the other adapters switched off.
        var alone = cat([.. rows.Select((row, i) =>
        {
            (a.Active, b.Active) = (row == a, row == b);
            return Run(x.narrow(0, i, 1));
        })], 0);
        (a.Active, b.Active) = (true, true);
        Tensor[] leaves = [.. adapters.SelectMany(adapter => adapter.Trainable)];
        var wanted = autograd.grad([(alone * direction).sum()], leaves);
        Tensor mixed;
        IList<Tensor> got;
        using (description.PerRow(rows))
        {
            mixed = Run(x);
            got = autograd.grad([(mixed * direction).sum()], leaves);
        }
        Backward.Rethrow();
        Close.Equal(alone, mixed);
        double largest = wanted.Max(g => g!.abs().max().ToDouble());
        foreach (var (want, gradient) in wanted.Zip(got)) Assert.True((want! - gradient).abs().max().ToDouble() <= Close.Single * largest);
        Close.Equal(cat([Run(x)], 0), Run(x));

        Tensor Run(Tensor part) => model.call(part);
    }

    [Fact]
    public void ABatchOfOtherRowsIsRefusedWithBothNumbers()
    {
        var (model, description, adapters, x) = Made("lora", "linear");
        using var a = description.Attach(adapters[0]);
        using var open = description.PerRow([a, null]);
        var error = Assert.Throws<LowrankException>(() => model.call(x)).Message;
        Assert.Contains("a batch of 5", error, StringComparison.Ordinal);
        Assert.Contains("2 rows", error, StringComparison.Ordinal);
        Assert.Contains("2 times", Assert.Throws<LowrankException>(() => model.call(x.narrow(0, 0, 4))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNotAttachedAndWhatIsMergedCannotBeMixed()
    {
        var (model, description, adapters, _) = Made("lora", "linear");
        var a = description.Attach(adapters[0]);
        using (var b = description.Attach(adapters[1]))
        {
            b.Detach();
            Assert.Contains("not attached", Assert.Throws<LowrankException>(() => description.PerRow([b])).Message, StringComparison.Ordinal);
        }
        description.Merge();
        Assert.Contains("merged", Assert.Throws<LowrankException>(() => description.PerRow([a])).Message, StringComparison.Ordinal);
        Assert.Throws<LowrankException>(() => a.Active = false);
        description.Unmerge();
        Assert.Throws<LowrankException>(() => description.PerRow([]));
        a.Detach();
        model.Dispose();
    }

    [Fact]
    public void AdaptersAreSwitchedAndLeftOutForNestedBlocks()
    {
        var (model, description, adapters, x) = Made("lora", "linear");
        using var a = description.Attach(adapters[0]);
        using var b = description.Attach(adapters[1], 0.5);
        var both = model.call(x);
        b.Active = false;
        var onlyA = model.call(x);
        b.Active = true;
        using (description.WithoutAdapters())
        {
            Close.Same(model.Run(x), model.call(x));
            using (b.Disabled()) Close.Same(model.Run(x), model.call(x));
            Close.Same(model.Run(x), model.call(x));
            Assert.Throws<LowrankException>(description.Merge);
        }
        using (b.Disabled()) Close.Same(onlyA, model.call(x));
        Close.Same(both, model.call(x));
        Assert.Equal(0.5, b.Strength);
    }

    [Fact]
    public void MixingLeavesNoTensorBehind()
    {
        var (model, description, adapters, x) = Made("loha", "linear");
        using var a = description.Attach(adapters[0]);
        Step();
        LeakGuard.NoTensorLeaks(Step);

        void Step()
        {
            using var step = NewDisposeScope();
            using (description.PerRow([a, null, a, null, null])) model.call(x).sum().backward();
            Backward.Release();
        }
    }
}
