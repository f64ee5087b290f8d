namespace Lowrank.Adapters.Tests;

/// <summary>Laws of extraction: what was added is found again, what is not held is told.</summary>
public sealed class AdapterExtractionTests : IDisposable
{
    static readonly Dictionary<string, ComponentRole> roles = new() { ["text_encoder"] = ComponentRole.TextEncoder };

    readonly Dictionary<Target, Tensor> original, tuned;
    readonly Adapter added = LayersOfEveryKind.Adapter(5, 3, 2);

    public AdapterExtractionTests()
    {
        var generator = new Generator(9);
        original = LayersOfEveryKind.Targets.ToDictionary(t => t, t => randn(t.WeightShape, generator: generator));
        using var scope = NewDisposeScope();
        tuned = original.ToDictionary(w => w.Key, w => (w.Value + w.Key.FromMatrix(LayersOfEveryKind.Change(added, w.Key))).DetachFromDisposeScope());
    }

    static WeightSource Source(Dictionary<Target, Tensor> weights) => (target, part) => part == "weight" ? weights.GetValueOrDefault(target) : null;

    ReworkedAdapter Extract(ExtractOptions options) => AdapterExtraction.Extract(LayersOfEveryKind.Targets, Source(tuned), Source(original), options);

    [Theory, InlineData(false), InlineData(true)]
    public void WhatWasAddedIsFoundAgain(bool full)
    {
        using var scope = NewDisposeScope();
        using var found = Extract(new ExtractOptions(RankChoice.Fixed(3)) { FullSvd = full });
        Assert.Equal(LayersOfEveryKind.Targets.Select(t => t.Path), found.Adapter.Targets.Keys);
        foreach (var target in LayersOfEveryKind.Targets)
        {
            Close.Equal(LayersOfEveryKind.Change(added, target), LayersOfEveryKind.Change(found.Adapter, target));
            Assert.Equal(1, ((Lora)found.Adapter.Targets[target.Path]).Scale);
        }
        Assert.True(found.Error < 1e-5);
    }

    [Fact]
    public void ARankThatHoldsTheEnergyIsFound()
    {
        using var found = Extract(new ExtractOptions(new RankChoice(RankRule.Energy(0.999999))));
        Assert.All(found.Targets, t => Assert.Equal(3, t.Rank));
    }

    [Theory]
    [InlineData(null, null, false), InlineData(0.99, null, false), InlineData(null, 0.9, false), InlineData(null, null, true), InlineData(null, 0.9, true)]
    public void TheErrorIsTheErrorOfWhatIsHeld(double? clamp, double? sparsity, bool core)
    {
        using var scope = NewDisposeScope();
        using var found = Extract(new ExtractOptions(RankChoice.Fixed(2)) { Clamp = clamp, Sparsity = sparsity, Tucker = core });
        foreach (var report in found.Targets)
        {
            var want = LayersOfEveryKind.Change(added, report.Target);
            Assert.Equal((want - LayersOfEveryKind.Change(found.Adapter, report.Target)).norm().ToDouble() / want.norm().ToDouble(), report.Error!.Value, 1e-4);
        }
        if (core) Assert.Contains(found.Adapter.Targets["unet.conv"].Parts, p => p.Part == "mid");
    }

    [Fact]
    public void ASparseRestMakesItMoreExact()
    {
        using ReworkedAdapter without = Extract(new ExtractOptions(RankChoice.Fixed(2))), with = Extract(new ExtractOptions(RankChoice.Fixed(2)) { Sparsity = 0.8 });
        Assert.True(with.Error < without.Error);
    }

    [Fact]
    public void ASparseRestKeepsToItsMatrix()
    {
        using var scope = NewDisposeScope();
        var target = LayersOfEveryKind.Targets[0];
        using var lora = LayersOfEveryKind.Lora(target, new Generator(1), 2, 1);
        Assert.Contains("outside", Assert.Throws<LowrankException>(() => new SparseRest(lora, tensor(new long[,] { { 13 }, { 0 } }), ones(1))).Message, StringComparison.Ordinal);
        Assert.Contains("3 values", Assert.Throws<LowrankException>(() => new SparseRest(lora, tensor(new long[,] { { 1 }, { 0 } }), ones(3))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASparseRestIsReadAgain()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var model = new SequenceModel(new Linear(9, 13));
        var description = model.Describe();
        var (target, layer) = description.Components[0].Targets[0];
        using var found = AdapterExtraction.Extract([target], (_, part) => part == "weight" ? layer.Weight.Dense() + 1 + randn(13, 9) : null, (_, _) => layer.Weight.Dense(), new ExtractOptions(RankChoice.Fixed(2)) { Sparsity = 0.7 });
        AdapterFile.Write(folder.File("a.safetensors"), found.Adapter, description);
        using var read = AdapterFile.Read(folder.File("a.safetensors"), description);
        Close.Same(LayersOfEveryKind.Change(found.Adapter, target), LayersOfEveryKind.Change(read, target));
    }

    [Fact]
    public void LayersHeldWholeHoldEverything()
    {
        using var scope = NewDisposeScope();
        Target norm = new("unet.norm", LayerKind.Norm, [6]), linear = LayersOfEveryKind.Targets[0];
        var generator = new Generator(2);
        Dictionary<(Target, string), Tensor> from = [], to = [];
        foreach (var (target, part, shape) in new[] { (norm, "weight", norm.WeightShape), (norm, "bias", norm.WeightShape), (linear, "weight", linear.WeightShape), (linear, "bias", [linear.Out]) })
            (from[(target, part)], to[(target, part)]) = (randn(shape, generator: generator), randn(shape, generator: generator));
        using var found = AdapterExtraction.Extract([norm, linear], (t, part) => to[(t, part)], (t, part) => from[(t, part)], new ExtractOptions(RankChoice.Fixed(1)) { Whole = true });
        foreach (var target in new[] { norm, linear })
        {
            Close.Equal(target.ToMatrix(to[(target, "weight")]), found.Adapter.Targets[target.Path].Apply(target.ToMatrix(from[(target, "weight")]), 1));
            Close.Equal(to[(target, "bias")], found.Adapter.Targets[target.Path].ApplyBias(from[(target, "bias")], 1)!);
        }
        Assert.Equal(0, found.Error);
    }

    [Fact]
    public void AComponentThatHardlyChangedIsLeftOut()
    {
        using var scope = NewDisposeScope();
        var close = tuned.ToDictionary(w => w.Key, w => w.Key.Path.StartsWith("text", StringComparison.Ordinal) ? original[w.Key] + 0.005 : w.Value);
        using var found = AdapterExtraction.Extract(LayersOfEveryKind.Targets, Source(close), Source(original), ExtractOptions.Kohya(2) with { Roles = roles });
        Assert.DoesNotContain(found.Targets, t => t.Target.Path.StartsWith("text", StringComparison.Ordinal));
        using var all = AdapterExtraction.Extract(LayersOfEveryKind.Targets, Source(close), Source(original), ExtractOptions.Kohya(2, leastDifference: 0.001) with { Roles = roles });
        Assert.Equal(LayersOfEveryKind.Targets.Count, all.Targets.Count);
    }

    [Fact]
    public void FilesAreReadOneTensorAtATime()
    {
        using var folder = new TemporaryFolder();
        string Write(string name, Dictionary<Target, Tensor> weights)
        {
            string path = folder.File(name);
            Safetensors.Save(path, weights.Where(w => w.Key.Path.StartsWith("unet.", StringComparison.Ordinal)).ToDictionary(w => w.Key.Path["unet.".Length..] + ".weight", w => w.Value));
            return path;
        }
        using ITensorFile a = Containers.Open(Write("tuned.safetensors", tuned)), b = Containers.Open(Write("base.safetensors", original));
        var targets = LayersOfEveryKind.Targets.Where(t => t.Path.StartsWith("unet.", StringComparison.Ordinal)).ToList();
        using var found = AdapterExtraction.Extract(targets, WeightSources.Of(a, "unet"), WeightSources.Of(b, "unet"), new ExtractOptions(RankChoice.Fixed(3)));
        Assert.Equal(targets.Count, found.Targets.Count);
        Assert.True(found.Error < 1e-5);
    }

    [Fact]
    public void WhatDoesNotFitIsToldInASentence()
    {
        using var scope = NewDisposeScope();
        var options = new ExtractOptions(RankChoice.Fixed(2));
        Assert.Contains("do not differ", Told(Source(original)), StringComparison.Ordinal);
        Assert.Contains("no weight at unet.linear", Told((_, _) => null), StringComparison.Ordinal);
        Assert.Contains("of one family", Told((_, _) => ones(2, 2)), StringComparison.Ordinal);
        Assert.Contains("not finite", Told((target, _) => full(target.WeightShape, float.NaN)), StringComparison.Ordinal);

        string Told(WeightSource source) =>
            Assert.Throws<LowrankException>(() => AdapterExtraction.Extract(LayersOfEveryKind.Targets, source, Source(original), options)).Message;
    }

    [Fact]
    public void NothingLeaks() => LeakGuard.NoTensorLeaks(() =>
    {
        Extract(new ExtractOptions(RankChoice.Fixed(2))).Dispose();
        Extract(ExtractOptions.Lycoris(RankChoice.Fixed(2)) with { Sparsity = 0.9 }).Dispose();
        Extract(ExtractOptions.Kohya(2) with { Roles = roles }).Dispose();
    });

    [Fact]
    public void WhatGoesByRolesIsRefusedWithoutThem() => Assert.Contains(
        "Set Roles", Assert.Throws<LowrankException>(() => Extract(ExtractOptions.Kohya(2))).Message, StringComparison.Ordinal);

    public void Dispose()
    {
        foreach (var weight in original.Values.Concat(tuned.Values)) weight.Dispose();
        added.Dispose();
    }
}
