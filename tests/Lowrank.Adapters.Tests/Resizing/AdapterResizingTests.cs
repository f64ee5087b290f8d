namespace Lowrank.Adapters.Tests;

/// <summary>Laws of resizing: to the full rank it changes nothing, below it is the best of that rank, and the scale stays.</summary>
public class AdapterResizingTests
{
    [Theory, InlineData(false), InlineData(true)]
    public void ToTheFullRankItChangesNothing(bool core)
    {
        using var scope = NewDisposeScope();
        using var adapter = LayersOfEveryKind.Adapter(1, 4, 2, core);
        foreach (int rank in new[] { 4, 7 })
        {
            using var resized = AdapterResizing.Resize(adapter, new ResizeOptions(RankChoice.Fixed(rank)));
            foreach (var target in LayersOfEveryKind.Targets)
            {
                Close.Equal(LayersOfEveryKind.Change(adapter, target), LayersOfEveryKind.Change(resized.Adapter, target));
                var lora = (Lora)resized.Adapter.Targets[target.Path];
                Assert.Equal(rank, lora.Rank);
                Assert.Equal(0.5, lora.Scale, 1e-6);
            }
            Assert.True(resized.Error < 1e-6);
        }
    }

    [Fact]
    public void BelowItIsTheBestOfThatRank()
    {
        using var scope = NewDisposeScope();
        using var adapter = LayersOfEveryKind.Adapter(1, 6, 3);
        using var resized = AdapterResizing.Resize(adapter, new ResizeOptions(RankChoice.Fixed(3, convolution: 2)));
        foreach (var report in resized.Targets)
        {
            var want = LayersOfEveryKind.Change(adapter, report.Target);
            Assert.Equal(TruncatedSvd.Full(want).Spectrum.Error(report.Rank), (want - LayersOfEveryKind.Change(resized.Adapter, report.Target)).norm().ToDouble(), 1e-3);
            Assert.Equal((want - LayersOfEveryKind.Change(resized.Adapter, report.Target)).norm().ToDouble() / want.norm().ToDouble(), report.Error!.Value, 1e-4);
            Assert.Equal((6, report.Target.IsSpatial ? 2 : 3), (report.OldRank, report.Rank));
        }
    }

    [Fact]
    public void EachLayerGetsTheRankThatItsValuesAskFor()
    {
        using var scope = NewDisposeScope();
        using var adapter = LayersOfEveryKind.Adapter(1, 6, 3);
        using var resized = AdapterResizing.Resize(adapter, new ResizeOptions(new RankChoice(RankRule.Energy(0.9))));
        foreach (var report in resized.Targets)
        {
            Assert.True(report.NormRetained * report.NormRetained >= 0.9);
            Assert.True(report.Spectrum!.Values.Take(report.Rank - 1).Sum(v => v * v) < 0.9 * report.Spectrum.Energy);
        }
        Assert.True(resized.Targets.Select(t => t.Rank).Distinct().Count() > 1);
    }

    [Fact]
    public void AThresholdMeansTheChangeItself()
    {
        using var scope = NewDisposeScope();
        using Adapter one = LayersOfEveryKind.Adapter(1, 4, 4), tenth = LayersOfEveryKind.Adapter(1, 4, 0.4);
        using ReworkedAdapter a = AdapterResizing.Resize(one, new ResizeOptions(new RankChoice(RankRule.Threshold(10)))), b = AdapterResizing.Resize(tenth, new ResizeOptions(new RankChoice(RankRule.Threshold(1))));
        Assert.Equal(a.Targets.Select(t => t.Rank), b.Targets.Select(t => t.Rank));
    }

    public static IEnumerable<TheoryDataRow<string, string>> Subjects => Subject.All;

    [Theory, MemberData(nameof(Subjects))]
    public void EveryMethodBecomesALora(string method, string layer)
    {
        using var scope = NewDisposeScope();
        using var subject = new Subject(method, layer);
        if (subject.Reparameterization.Method.DependsOnInput) Assert.Skip("no change of the weight");
        var weights = WeightSources.Of(subject.Description);
        using var resized = AdapterResizing.Resize(subject.Adapter, new ResizeOptions(RankChoice.Fixed((int)Math.Min(subject.Target.Out, subject.Target.Columns))) { Weights = weights });
        Close.Equal(subject.Applied(1, subject.Adapter), subject.Applied(1, resized.Adapter), 1e-4, "the adapted weight");
        Close.Equal(subject.Want(subject.Input, 1, subject.Adapter), subject.Want(subject.Input, 1, resized.Adapter), 1e-4);
        using var twice = AdapterCombination.Combine([new(subject.Adapter, 0.5), new(subject.Adapter, 0.5)], Combination.Svd, new CombineOptions { Rank = RankChoice.Fixed(99), Weights = weights });
        Close.Equal(subject.Want(subject.Input, 1, subject.Adapter), subject.Want(subject.Input, 1, twice.Adapter), 1e-4, "the combined answer");
    }

    [Fact]
    public void ATrainedBiasIsCarriedOver()
    {
        using var scope = NewDisposeScope();
        var target = LayersOfEveryKind.Targets[0];
        var generator = new Generator(1);
        var bias = randn(target.Out, generator: generator);
        using var adapter = new Adapter("biased", [new TrainedBias(LayersOfEveryKind.Lora(target, generator, 4, 2), bias, scale: 0.5)]);
        using var resized = AdapterResizing.Resize(adapter, new ResizeOptions(RankChoice.Fixed(2)));
        Close.Equal(bias * 0.5, resized.Adapter.Targets[target.Path].ApplyBias(null, 1)!);
    }

    [Fact]
    public void AMethodWithoutFactorsBecomesALora()
    {
        using var scope = NewDisposeScope();
        var target = LayersOfEveryKind.Targets[0];
        var generator = new Generator(1);
        var weight = randn(target.WeightShape, generator: generator);
        using var oft = new Adapter("oft", [Methods.Named("oft").Create(target, Methods.Named("oft").OwnOptions(new MethodOptions(4)), new Initialization(generator))]);
        foreach (var part in oft.Trainable) using (no_grad()) part.copy_(randn(part.shape, generator: generator) * 0.2);
        Assert.Contains("Give the base model", Assert.Throws<LowrankException>(() => AdapterResizing.Resize(oft, new ResizeOptions(RankChoice.Fixed(2)))).Message, StringComparison.Ordinal);
        using var resized = AdapterResizing.Resize(oft, new ResizeOptions(RankChoice.Fixed(9)) { Weights = (_, _) => weight });
        Close.Equal(oft.Targets[target.Path].Apply(weight, 1), resized.Adapter.Targets[target.Path].Apply(weight, 1));
        using var small = AdapterResizing.Resize(oft, new ResizeOptions(RankChoice.Fixed(2)) { Weights = (_, _) => weight });
        Assert.InRange(small.Error!.Value, 0.01, 1);
    }

    [Fact]
    public void KohyasMetadataTellTheNewRank()
    {
        using var scope = NewDisposeScope();
        using var lora = LayersOfEveryKind.Lora(LayersOfEveryKind.Targets[0], new Generator(1), 8, 4);
        using var other = LayersOfEveryKind.Lora(LayersOfEveryKind.Targets[4], new Generator(2), 8, 4);
        using var adapter = new Adapter("a", [lora, other], new Dictionary<string, string> { ["ss_network_dim"] = "8", ["ss_network_alpha"] = "4.0", ["ss_training_comment"] = "mine", ["ss_tag_frequency"] = "{}" });
        using ReworkedAdapter four = AdapterResizing.Resize(adapter, new ResizeOptions(RankChoice.Fixed(4))), some = AdapterResizing.Resize(adapter, new ResizeOptions(RankChoice.Fixed(4, convolution: 3)));
        Assert.Equal(["4", "2", "{}"], new[] { "ss_network_dim", "ss_network_alpha", "ss_tag_frequency" }.Select(key => four.Adapter.Metadata[key]));
        Assert.Contains("from rank 8 to 4; mine", four.Adapter.Metadata["ss_training_comment"], StringComparison.Ordinal);
        Assert.Equal("Dynamic", some.Adapter.Metadata["ss_network_dim"]);
    }

    [Fact]
    public void NothingLeaks()
    {
        using var adapter = LayersOfEveryKind.Adapter(1, 6, 3);
        LeakGuard.NoTensorLeaks(() =>
        {
            AdapterResizing.Resize(adapter, new ResizeOptions(RankChoice.Fixed(2))).Dispose();
            AdapterResizing.Resize(adapter, ResizeOptions.Kohya(16, rule: "sv_fro", parameter: 0.9)).Dispose();
        });
    }
}
