namespace Lowrank.Adapters.Tests;

/// <summary>Laws of combining: what is exact is the weighted sum of changes, what is not says what it lost.</summary>
public class AdapterCombinationTests
{
    public static IEnumerable<TheoryDataRow<string>> Ways => Combination.All.Select(c => new TheoryDataRow<string>(c.Name));

    [Fact]
    public void ConcatenationIsTheWeightedSum()
    {
        using var scope = NewDisposeScope();
        using Adapter a = LayersOfEveryKind.Adapter(1, 4, 2), b = LayersOfEveryKind.Adapter(2, 3, 7, core: true);
        using var combined = AdapterCombination.Combine([new(a, 0.7), new(b, -0.4)], Combination.Concatenated);
        Assert.Equal(0, combined.Error);
        foreach (var target in LayersOfEveryKind.Targets)
        {
            Close.Equal(LayersOfEveryKind.Change(a, target) * 0.7 - LayersOfEveryKind.Change(b, target) * 0.4, LayersOfEveryKind.Change(combined.Adapter, target));
            var lora = (Lora)combined.Adapter.Targets[target.Path];
            Assert.Equal((7, 1.0), (lora.Rank, lora.Scale));
        }
    }

    [Fact]
    public void ADecompositionToTheSumOfRanksIsTheWeightedSum()
    {
        using var scope = NewDisposeScope();
        using Adapter a = LayersOfEveryKind.Adapter(1, 3, 2), b = LayersOfEveryKind.Adapter(2, 2, 7, core: true);
        using var combined = AdapterCombination.Combine([new(a, 0.7), new(b, -0.4)], Combination.Svd, new CombineOptions { Rank = RankChoice.Fixed(5) });
        foreach (var target in LayersOfEveryKind.Targets)
            Close.Equal(LayersOfEveryKind.Change(a, target) * 0.7 - LayersOfEveryKind.Change(b, target) * 0.4, LayersOfEveryKind.Change(combined.Adapter, target));
    }

    [Fact]
    public void ADecompositionTellsWhatIsLost()
    {
        using var scope = NewDisposeScope();
        using Adapter a = LayersOfEveryKind.Adapter(1), b = LayersOfEveryKind.Adapter(2);
        using var combined = AdapterCombination.Combine([new(a), new(b)], Combination.Svd, new CombineOptions { Rank = RankChoice.Fixed(3, convolution: 2) });
        foreach (var report in combined.Targets)
        {
            var want = LayersOfEveryKind.Change(a, report.Target) + LayersOfEveryKind.Change(b, report.Target);
            double lost = (want - LayersOfEveryKind.Change(combined.Adapter, report.Target)).norm().ToDouble() / want.norm().ToDouble();
            Assert.Equal(lost, report.Error!.Value, 1e-4);
            Assert.Equal(report.Target.IsSpatial ? 2 : 3, report.Rank);
        }
        Assert.InRange(combined.Error!.Value, combined.Targets.Min(t => t.Error!.Value), combined.Targets.Max(t => t.Error!.Value));
    }

    [Fact]
    public void ATargetThatSomeAdaptIsCombinedFromThose()
    {
        using var scope = NewDisposeScope();
        using Adapter a = LayersOfEveryKind.Adapter(1), b = LayersOfEveryKind.Adapter(2, targets: LayersOfEveryKind.Targets.Take(2));
        using var combined = AdapterCombination.Combine([new(a, 2), new(b)], Combination.Concatenated);
        Assert.Equal(a.Targets.Keys, combined.Adapter.Targets.Keys);
        Close.Equal(LayersOfEveryKind.Change(a, LayersOfEveryKind.Targets[^1]) * 2, LayersOfEveryKind.Change(combined.Adapter, LayersOfEveryKind.Targets[^1]));
    }

    [Theory, MemberData(nameof(Ways))]
    public void ValuesThatAreNotFiniteAreRefusedWithTheirPlace(string way)
    {
        using var scope = NewDisposeScope();
        using Adapter a = LayersOfEveryKind.Adapter(1), b = LayersOfEveryKind.Adapter(2);
        var target = LayersOfEveryKind.Targets[1];
        using (no_grad()) b.Targets[target.Path].parameters().First().view(-1)[0] = double.NaN;
        var options = new CombineOptions { Rank = RankChoice.Fixed(2) };
        var error = Assert.Throws<LowrankException>(() => AdapterCombination.Combine([new(a), new(b)], Combination.Named(way), options));
        Assert.Contains("NaN or infinity", error.Message, StringComparison.Ordinal);
        Assert.Contains(target.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(b.Name, error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Ways))]
    public void AloneAndWithoutPruningAnAdapterComesBack(string way)
    {
        using var scope = NewDisposeScope();
        using var a = LayersOfEveryKind.Adapter(1, 4, 2);
        using var combined = AdapterCombination.Combine([new(a)], Combination.Named(way), new CombineOptions { Density = 1 });
        foreach (var target in LayersOfEveryKind.Targets) Close.Equal(LayersOfEveryKind.Change(a, target), LayersOfEveryKind.Change(combined.Adapter, target));
    }

    [Theory, MemberData(nameof(Ways))]
    public void TheSameSeedGivesTheSameAdapter(string way)
    {
        using var scope = NewDisposeScope();
        using Adapter a = LayersOfEveryKind.Adapter(1), b = LayersOfEveryKind.Adapter(2);
        Tensor Combined(long seed)
        {
            using var combined = AdapterCombination.Combine([new(a), new(b)], Combination.Named(way), new CombineOptions { Seed = seed });
            return LayersOfEveryKind.Change(combined.Adapter, LayersOfEveryKind.Targets[0]);
        }
        Close.Same(Combined(3), Combined(3));
        Assert.Equal(!way.StartsWith("dare", StringComparison.Ordinal), Combined(3).allclose(Combined(4)));
    }

    [Fact]
    public void OtherMethodsAreCombinedByTheirChanges()
    {
        using var scope = NewDisposeScope();
        var target = LayersOfEveryKind.Targets[0];
        var generator = new Generator(3);
        var weight = randn(target.WeightShape, generator: generator);
        using var plain = new Adapter("plain", [LayersOfEveryKind.Lora(target, generator, 4, 2)]);
        using var dora = new Adapter("dora", [Dora.Fresh(LayersOfEveryKind.Lora(target, generator, 4, 2), new MethodOptions(4) { Dora = DoraAxis.Output }, new Initialization(generator, () => weight))]);
        WeightedAdapter[] both = [new(plain), new(dora, 0.5)];
        Assert.Contains("Give the base model", Assert.Throws<LowrankException>(() => AdapterCombination.Combine(both, Combination.Svd)).Message, StringComparison.Ordinal);

        using var combined = AdapterCombination.Combine(both, Combination.Svd, new CombineOptions { Rank = RankChoice.Fixed(9), Weights = (_, _) => weight });
        var want = LayersOfEveryKind.Change(plain, target) + (dora.Targets[target.Path].Apply(weight, 1) - weight) * 0.5;
        Close.Equal(want, LayersOfEveryKind.Change(combined.Adapter, target));
    }

    [Fact]
    public void WhatCannotBeCombinedIsToldInASentence()
    {
        using var scope = NewDisposeScope();
        using Adapter a = LayersOfEveryKind.Adapter(1, 4), b = LayersOfEveryKind.Adapter(2, 3), core = LayersOfEveryKind.Adapter(3, 4, core: true);
        using var other = LayersOfEveryKind.Adapter(4, targets: [new("unet.linear", LayerKind.Linear, [13, 10])]);
        Assert.Contains("one rank", Told(Combination.Named("ties"), new CombineOptions(), new(a), new(b)), StringComparison.Ordinal);
        Assert.Contains("Tucker", Told(Combination.Named("linear"), new CombineOptions(), new(a), new(core)), StringComparison.Ordinal);
        Assert.Contains("another weight", Told(Combination.Concatenated, new CombineOptions(), new(a), new(other)), StringComparison.Ordinal);
        Assert.Contains("density", Told(Combination.Named("ties"), new CombineOptions { Density = 0 }, new WeightedAdapter(a)), StringComparison.Ordinal);
        Assert.Contains("finite", Told(Combination.Concatenated, new CombineOptions(), new WeightedAdapter(a, double.NaN)), StringComparison.Ordinal);
        Assert.Contains("no adapter", Told(Combination.Concatenated, new CombineOptions()), StringComparison.Ordinal);
        Assert.Contains("dare_ties_svd", Assert.Throws<LowrankException>(() => Combination.Named("dare_ties_svt")).Message, StringComparison.Ordinal);

        static string Told(Combination way, CombineOptions options, params WeightedAdapter[] adapters) =>
            Assert.Throws<LowrankException>(() => AdapterCombination.Combine(adapters, way, options)).Message;
    }

    [Fact]
    public void KohyasMergeSquaresTheRatio()
    {
        using var scope = NewDisposeScope();
        using var a = LayersOfEveryKind.Adapter(1);
        using var merged = KohyaMerge.Merge([new(a, 0.5)], concatenate: false);
        foreach (var target in LayersOfEveryKind.Targets) Close.Equal(LayersOfEveryKind.Change(a, target) * 0.25, LayersOfEveryKind.Change(merged, target));
    }

    [Fact]
    public void NothingLeaks()
    {
        using Adapter a = LayersOfEveryKind.Adapter(1), b = LayersOfEveryKind.Adapter(2);
        using var other = LayersOfEveryKind.Adapter(4, targets: [new("text_encoder.linear", LayerKind.Linear, [13, 10])]);
        LeakGuard.NoTensorLeaks(() =>
        {
            foreach (var way in Combination.All) AdapterCombination.Combine([new(a), new(b)], way).Dispose();
            KohyaMerge.Merge([new(a), new(b)], concatenate: true).Dispose();
            KohyaMerge.SvdMerge([new(a), new(b)], 4).Dispose();
            Assert.Throws<LowrankException>(() => AdapterCombination.Combine([new(a), new(other)], Combination.Concatenated));
        });
    }
}
