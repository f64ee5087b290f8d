namespace Lowrank.Adapters.Tests;

/// <summary>Adapters merged into weights one at a time, without a model that runs.</summary>
public sealed class WeightMergeTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly SequenceModel network;
    readonly ModelDescription model;
    readonly Adapter adapter;

    public WeightMergeTests()
    {
        network = new SequenceModel(new Linear(7, 5), new Linear(5, 3));
        model = network.Describe();
        using var grad = no_grad();
        foreach (var parameter in network.parameters()) parameter.normal_();
        adapter = AdapterFactory.Create(model.Components[0].Targets.Select(t => t.Target), new LoraOptions(2, 3), name: "ink");
        foreach (var part in adapter.Trainable) part.normal_();
    }

    public void Dispose()
    {
        adapter.Dispose();
        network.Dispose();
        scope.Dispose();
    }

    WeightMerge Merge(double strength) => new(model, [new(adapter, strength)], WeightSources.Of(model));

    [Fact]
    public void AWeightIsWhatTheFormulaSays()
    {
        var (target, layer) = model.Components[0].Targets[1];
        var parts = adapter.Targets[target.Path].Parts.ToDictionary(p => p.Part, p => p.Value.detach().to(ScalarType.Float64));
        // W − 0.5 · 3/2 · up · down
        var want = layer.Weight.Dense().to(ScalarType.Float64) - parts["up"].mm(parts["down"]) * 0.75;
        var merge = Merge(-0.5);
        Assert.Equal(2, merge.Count);
        Assert.True(merge.Touches($"{target.Path}.weight"));
        Assert.False(merge.Touches($"{target.Path}.bias"));
        using var own = layer.Weight.Dense().detach().clone();
        Assert.True(merge.Change($"{target.Path}.weight", own).to(ScalarType.Float64).allclose(want, 1e-5, 1e-5));
    }

    // A head that has the table's weight may have a bias of its own.
    [Fact]
    public void ABiasOfOneEndOfATiedWeightChangesThatEndAlone()
    {
        using var table = new Embedding(7, 5);
        using var head = new Linear(new Embedding(7, 5), bias: true);
        var plain = ModelDescription.Of(new LayerTree(("table", table), ("head", head)));
        var tied = new ModelDescription(plain.Family, [plain.Components[0] with { TiedTo = new Dictionary<string, string> { ["head"] = "table" } }]);
        var at = tied.Components[0].Targets.Select(one => one.Target).ToDictionary(one => one.Path);
        using var biased = new Adapter("bias", [new Replacement(Replacement.Descriptor, at["model.head"], null, ones(7))]);
        var merge = new WeightMerge(tied, [new(biased, 1)], WeightSources.Of(tied));
        Assert.Equal(["model.head.bias"], merge.Weights);
        Assert.Equal(1, merge.Count);
        Assert.False(merge.Touches("model.head.weight"));
        Assert.True(merge.Change("model.head.bias", zeros(7)).allclose(ones(7)));
        using var whole = new Adapter("whole", [new Replacement(Replacement.Descriptor, at["model.head"], ones(7, 5), ones(7))]);
        Assert.Contains("model.table would change too",
            Assert.Throws<LowrankException>(() => new WeightMerge(tied, [new(whole, 1)], WeightSources.Of(tied))).Message);
    }

    [Theory, InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void ValuesThatAreNotFiniteAreRefusedWithTheirPlaceUnlessTheyDoNotCount(double value)
    {
        var target = model.Components[0].Targets[1].Target;
        using (no_grad()) adapter.Targets[target.Path].parameters().First()[0, 0] = value;
        string told = Assert.Throws<LowrankException>(() => Merge(1)).Message;
        Assert.Contains("\"ink\" holds NaN or infinity", told, StringComparison.Ordinal);
        Assert.Contains(target.Path, told, StringComparison.Ordinal);
        Assert.Equal(0, Merge(0).Count);
    }
}
