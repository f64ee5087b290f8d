using Lowrank.Adapters;
using Lowrank.Torch;

namespace Goldens;

/// <summary>Which layers presets, patterns, rules and block lists choose on the real models' shapes.</summary>
public sealed class TargetPresetTests
{
    static readonly ModelDescription one = KohyaTargetsGoldens.Describe("sd1"), xl = KohyaTargetsGoldens.Describe("sdxl");

    static AdaptationPlan Plan(string preset, string method = "lora") =>
        new() { Method = MethodNames.Named(method), Options = new MethodOptions(4), Preset = TargetPresets.Named(preset) };

    static List<string> Paths(AdaptationPlan plan, ModelDescription model) => [.. plan.For(model).Select(p => p.Target.Path)];

    [Theory, InlineData("sd1"), InlineData("sdxl")]
    public void KohyasPresetIsKohyasChoice(string family)
    {
        var model = family == "sd1" ? one : xl;
        Assert.Equal(TargetSelection.Kohya(model, textEncoder: true).Select(t => t.Path), Paths(Plan("kohya"), model));
        Assert.Equal(TargetSelection.Kohya(model, textEncoder: true, convolutions: true).Select(t => t.Path), Paths(Plan("kohya") with { ConvolutionRank = 2 }, model));
    }

    [Theory]
    [InlineData("attn-mlp", 192, 72)]
    [InlineData("full", 192 + 22 * 3 + 14 + 6 + 4, 72)]
    [InlineData("full-lin", 192 + 22 + 2 + 14, 72)]   // shortcuts are 1x1
    [InlineData("attn-only", 16 * 8, 48)]
    [InlineData("unet-only", 192 + 22 * 3 + 14 + 6 + 4, 0)]
    [InlineData("unet-transformer-only", 192, 0)]
    [InlineData("unet-convblock-only", 22 * 3 + 14 + 6 + 2, 0)]
    [InlineData("ia3", 16 * 5, 36)]
    public void PresetsChooseSoManyLayersOfStableDiffusion1(string preset, int unet, int text)
    {
        var paths = Paths(Plan(preset), one);
        Assert.Equal((unet, text), (paths.Count(p => p.StartsWith("unet.", StringComparison.Ordinal)), paths.Count(p => p.StartsWith("text_encoder.", StringComparison.Ordinal))));
    }

    [Fact]
    public void AMethodForNormsTakesThePresetsNormsAndTrainNormAddsThem()
    {
        var norms = Plan("kohya", "norm").For(one);
        Assert.All(norms, p => Assert.Equal(LayerKind.Norm, p.Target.Kind));
        Assert.Equal(16 * 4, norms.Count);   // of each transformer a group norm and three layer norms; a text encoder's lie outside its attention
        var both = (Plan("kohya") with { Norms = true }).For(one);
        Assert.Equal(264 + norms.Count, both.Count);
        Assert.Equal(["lora", "norm"], both.Select(p => p.Method.Name).Distinct().Order());
    }

    [Fact]
    public void LayersAreAddedAndLeftOutByPattern()
    {
        var paths = Paths(Plan("none") with { More = [.. new[] { "attn2.to_q", "*.ff.net.2", "/conv_(in|out)/" }.Select(TargetPattern.Parse)], Except = [TargetPattern.Parse("unet.mid_block")] }, one);
        Assert.Equal(15 + 15 + 2, paths.Count);
        Assert.DoesNotContain(paths, p => p.Contains("mid_block", StringComparison.Ordinal));
    }

    [Fact]
    public void EmbeddingsAndNormsAreChosenOnlyByName()
    {
        Assert.Contains("text_encoder.text_model.embeddings.token_embedding", Paths(Plan("none") with { More = [TargetPattern.Parse("token_embedding")] }, one));
        Assert.DoesNotContain(Plan("none") with { More = [TargetPattern.Parse("text_encoder.*")] } is var plan ? plan.For(one) : [], p => p.Target.Kind is LayerKind.Embedding or LayerKind.Norm);
    }

    [Fact]
    public void TheFirstRuleThatMatchesWins()
    {
        var plan = Plan("kohya") with { Rules = [.. new[] { "match=mid_block rank=2 alpha=1 learning_rate=1e-5", "match=*.attn2.* method=dora", "match=class:FeedForward method=none", "match=attn1 rank=9 use_scalar=true" }.Select(TargetRule.Parse)] };
        var planned = plan.For(one).ToDictionary(p => p.Target.Path);
        var middle = planned["unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_q"];
        Assert.Equal((2, 1d, 1e-5, null), (middle.Options.Rank, middle.Options.Alpha, middle.LearningRate, middle.Options.Dora));
        Assert.Equal(DoraAxis.Output, planned["unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_q"].Options.Dora);
        Assert.True(planned["unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"].Options is { Rank: 9, LearnedScalar: true });
        Assert.DoesNotContain(planned.Keys, p => p.StartsWith("unet.down", StringComparison.Ordinal) && p.Contains(".ff.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("match=attn3 rank=2", "attn2")]
    [InlineData("match=class:Atention rank=2", "class:Attention")]
    [InlineData("match=conv_in rank=2", "none of them is adapted")]
    [InlineData("match=attn2 method=lokn", "lokn")]
    [InlineData("match=attn2 use_scaler=true", "use_scalar")]
    [InlineData("match=attn2 rank=0", "rank")]
    [InlineData("rank=2", "match")]
    [InlineData("match=/(/", "regular expression")]
    public void ARuleThatCannotBeMeantIsAnError(string rule, string told) =>
        Assert.Contains(told, Assert.Throws<LowrankException>(() => (Plan("kohya") with { Rules = [TargetRule.Parse(rule)] }).For(one)).Message);

    [Theory]
    [InlineData(25, "unet.down_blocks.0.attentions.0.proj_in", 2)]
    [InlineData(25, "unet.mid_block.attentions.0.proj_in", 13)]
    [InlineData(25, "unet.up_blocks.3.attentions.2.proj_in", 25)]
    [InlineData(26, "text_encoder.text_model.encoder.layers.0.mlp.fc1", 1)]
    [InlineData(26, "unet.up_blocks.1.attentions.0.proj_in", 18)]
    [InlineData(17, "unet.down_blocks.2.attentions.1.proj_in", 7)]
    [InlineData(17, "unet.up_blocks.1.attentions.0.proj_in", 9)]
    public void BlockListsOfStableDiffusion1AreReadByTheirLength(int length, string path, int rank)
    {
        var plan = Plan("kohya") with { BlockRanks = [.. Enumerable.Range(1, length).Select(n => (double)n)] };
        Assert.Equal(rank, plan.For(one).First(p => p.Target.Path == path).Options.Rank);
    }

    [Theory]
    [InlineData(23, "unet.down_blocks.1.attentions.0.proj_in", 6)]
    [InlineData(23, "unet.mid_block.attentions.0.proj_in", 12)]
    [InlineData(23, "unet.up_blocks.0.attentions.0.proj_in", 14)]
    [InlineData(20, "unet.mid_block.attentions.0.proj_in", 11)]
    [InlineData(12, "unet.down_blocks.2.attentions.1.proj_in", 5)]
    [InlineData(12, "unet.up_blocks.1.attentions.2.proj_in", 12)]
    public void BlockListsOfXlToo(int length, string path, int rank)
    {
        var plan = Plan("kohya") with { BlockRanks = [.. Enumerable.Range(1, length).Select(n => (double)n)] };
        Assert.Equal(rank, plan.For(xl).First(p => p.Target.Path == path).Options.Rank);
    }

    [Fact]
    public void ABlockOfRankOrRateZeroIsLeftAlone()
    {
        var ranks = Enumerable.Repeat(4.0, 25).ToArray();
        ranks[12] = 0;
        Assert.DoesNotContain(Paths(Plan("kohya") with { BlockRanks = ranks }, one), p => p.Contains("mid_block", StringComparison.Ordinal));
        Assert.DoesNotContain(Paths(Plan("kohya") with { BlockRates = ranks }, one), p => p.Contains("mid_block", StringComparison.Ordinal));
        Assert.Contains("24 values", Assert.Throws<LowrankException>(() => (Plan("kohya") with { BlockRanks = ranks[1..] }).For(one)).Message);
    }
}
