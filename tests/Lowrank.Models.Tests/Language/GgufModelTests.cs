using System.Text.Json;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Lowrank.Models.Tests;

/// <summary>Language models in GGUF files, whole and spoilt.</summary>
public sealed class GgufModelTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static GgufEntry[] Llama =>
    [
        new("general.architecture", "llama"), new("llama.block_count", 1u), new("llama.context_length", 16u), new("llama.embedding_length", 32u),
        new("llama.feed_forward_length", 64u), new("llama.attention.head_count", 4u), new("llama.attention.head_count_kv", 2u),
        new("llama.attention.layer_norm_rms_epsilon", 1e-5f), new("llama.rope.freq_base", 500f), new("llama.rope.dimension_count", 8u),
    ];

    static readonly (string Name, long[] Shape)[] tensors =
    [
        ("token_embd.weight", [40, 32]), ("output_norm.weight", [32]), ("blk.0.attn_norm.weight", [32]), ("blk.0.ffn_norm.weight", [32]),
        ("blk.0.attn_q.weight", [32, 32]), ("blk.0.attn_k.weight", [16, 32]), ("blk.0.attn_v.weight", [16, 32]), ("blk.0.attn_output.weight", [32, 32]),
        ("blk.0.ffn_gate.weight", [64, 32]), ("blk.0.ffn_up.weight", [64, 32]), ("blk.0.ffn_down.weight", [32, 64]),
    ];

    string Write(IEnumerable<GgufEntry> entries, IEnumerable<(string Name, long[] Shape)> of)
    {
        string path = folder["model.gguf"];
        Gguf.Save(path, entries, of.Select(one => new TensorSource(
            new(one.Name, one.Shape.Length == 2 ? BlockFormats.Q8_0.Dtype : TensorDtype.F32, one.Shape), () => randn(one.Shape))));
        return path;
    }

    string Refused(IEnumerable<GgufEntry> entries, IEnumerable<(string Name, long[] Shape)>? of = null)
    {
        string path = Write(entries, of ?? tensors);
        string message = Assert.Throws<LowrankException>(() => LanguageModels.Load(path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        return message;
    }

    [Fact]
    public void MatricesInFewBitsStaySoAndATiedHeadIsTheTable()
    {
        manual_seed(1);
        string path = Write(Llama, tensors);
        Run();
        LeakGuard.NoTensorLeaks(Run);

        void Run()
        {
            using var model = LanguageModels.Load<CausalModel>(path);
            var layers = model.Describe().LayersByPath;
            foreach (var (name, layer) in layers)
                Assert.Equal(!name.EndsWith("norm", StringComparison.Ordinal), layer.Weight is PackedWeight);
            Assert.Same(model.Tokens.Weight, layers["model.lm_head"].Weight);
            Assert.Contains(model.Describe().TiedWeights, tied => tied.ToString() == "model.lm_head.weight = model.model.embed_tokens.weight");
            Assert.Equal(("llama", 40, 8, true), (model.Config.ModelType, model.Config.VocabularySize, model.Config.HeadDim, model.Config.TiesHead));
            Assert.Equal(1e-5, model.Config.NormEps);
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            var ids = tensor(new long[,] { { 3, 1, 4, 1, 5, 9, 2, 6, 5, 3 } });
            var whole = model.Logits(model.Run(new(ids)).Hidden);
            using var cache = model.NewCache();
            for (int at = 0; at < ids.shape[1]; at++)
            {
                var one = model.Logits(model.Run(new(ids.narrow(1, at, 1)) { Cache = cache }).Hidden);
                Assert.True((one[0, 0] - whole[0, at]).abs().max().ToDouble() < 1e-4);   // few rows go by another product
            }
        }
    }

    [Fact]
    public void OnAnotherDeviceMatricesInFewBitsAreFloatsAndThatIsTold() => LeakGuard.NoTensorLeaks(() =>
    {
        using var model = LanguageModels.Load<CausalModel>(Write(Llama, tensors), new(ScalarType.BFloat16, new Device(DeviceType.META)));
        Assert.All(model.Describe().LayersByPath.Values, layer => Assert.False(layer.Weight is PackedWeight));
        Assert.All(model.state_dict().Values, weight => Assert.Equal(DeviceType.META, weight.device_type));
        Assert.Contains(model.Notes, note => note.Contains("on the CPU", StringComparison.Ordinal));
    });

    [Fact]
    public void AnArchitectureThatIsNotBuiltIsNamedWithThoseThatAre()
    {
        string message = Refused([new("general.architecture", "mamba")]);
        Assert.Contains("\"mamba\"", message, StringComparison.Ordinal);
        Assert.Contains("llama, qwen2", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileOfNoModelIsRefusedAsWhatItIs()
    {
        Assert.Contains("\"adapter\"", Refused([.. Llama, new("general.type", "adapter")]), StringComparison.Ordinal);
        Assert.Contains("general.architecture is missing", Refused([]), StringComparison.Ordinal);
    }

    [Fact]
    public void KeysThatAreMissingOrUnknownAreAllToldAtOnce()
    {
        var kept = Llama.Where(entry => entry.Key is not ("llama.block_count" or "llama.embedding_length"));
        string message = Refused([.. kept, new("llama.expert_count", 8u), new("llama.logit_scale", 2f)]);
        foreach (string part in (string[])["llama.block_count is missing", "llama.embedding_length is missing", "llama.expert_count is 8", "llama.logit_scale is 2"])
            Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void LayersThatDifferAreRefused()
    {
        var entries = Llama.Where(entry => entry.Key != "llama.feed_forward_length");
        Assert.Contains("another number for each layer",
            Refused([.. entries, new("llama.feed_forward_length", GgufArray.Of<int>([64, 32]))]), StringComparison.Ordinal);
        using var model = LanguageModels.Load(Write([.. entries, new("llama.feed_forward_length", GgufArray.Of<int>([64]))], tensors));
        Assert.Equal(64, model.Config.IntermediateSize);
    }

    [Theory, InlineData(0u), InlineData(4294967292u)]
    public void ACountOfHeadsThatNoModelHasIsRefused(uint heads) => Assert.Contains($"llama.attention.head_count is {heads}",
        Refused([.. Llama.Where(entry => entry.Key != "llama.attention.head_count"), new("llama.attention.head_count", heads)]), StringComparison.Ordinal);

    [Fact]
    public void AMissingTensorAndOneTooManyAreNamed()
    {
        string message = Refused(Llama, [.. tensors.Where(one => one.Name != "blk.0.ffn_up.weight"), ("blk.0.surprise.weight", [4, 32])]);
        Assert.Contains("model.layers.0.mlp.up_proj.weight is missing", message, StringComparison.Ordinal);
        Assert.Contains("blk.0.surprise.weight is left over", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileOfWeightsAloneIsRefused()
    {
        string path = folder["model.safetensors"];
        Safetensors.Save(path, new Dictionary<string, Tensor> { ["a"] = zeros(2, device: CPU) });
        Assert.Contains("config.json", Assert.Throws<LowrankException>(() => LanguageModels.Load(path)).Message, StringComparison.Ordinal);
    }

    public static IEnumerable<TheoryDataRow<string>> Families =>
        LanguageArchitectures.All.Where(family => family.Gguf is not null).Select(family => new TheoryDataRow<string>(family.Name));

    [Theory, MemberData(nameof(Families))]
    public void EveryLayerOfAFamilyHasOneNameInGgufFilesAndComesBack(string name) => LeakGuard.NoTensorLeaks(() =>
    {
        var family = LanguageArchitectures.Named(name);
        var config = Tiny(family);
        using var model = (family.States ?? family.Tasks[0]).Make(config, ModelOutline.Nowhere);
        var paths = model.state_dict().Keys.Select(key => key[..key.LastIndexOf('.')]).Distinct().ToList();
        family.Gguf!.Paths.Verify(paths);
        GgufMetadata metadata = new([new("general.architecture", family.Gguf.Architecture), new("tokenizer.ggml.model", family.Gguf.Tokenizer ?? "llama")]);
        Assert.Same(family.Gguf, LanguageArchitectures.InGguf(metadata)!.Gguf);
    });

    static LanguageConfig Tiny(LanguageArchitecture family)
    {
        string config = family.States is null ? TinyLanguageModels.Config(family.Name) : TinyEncoders.Config(family.Name, family.Classes[0]);
        return family.Read(new("config.json", JsonDocument.Parse(config).RootElement));
    }

    public static TheoryData<string> Changes => [.. changes.Select(change => change.GetType().Name)];

    static readonly GgufChange[] changes = [GgufChange.None, new PairedHeads(), new TurnedWeight(), new AddedOne(), new PassedRows()];

    [Theory, MemberData(nameof(Changes))]
    public void WhatLiesOtherwiseComesBack(string name) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var change = changes.First(one => one.GetType().Name == name);
        var shape = new GgufShape(HeadDim: 6, PassedRows: 2);
        var own = randint(-8, 8, [12, 10], ScalarType.Float32, CPU);
        if (change is PassedRows) own.narrow(0, 0, 2).zero_();
        var stored = change.ToStored(own, shape);
        Assert.Equal(own.shape, change.OwnShape(stored.shape, shape));
        Assert.True(change.ToOwn(stored, shape).Equals(own));
        Assert.Equal(change == GgufChange.None, stored.shape.SequenceEqual(own.shape) && stored.Equals(own));
    });
}
