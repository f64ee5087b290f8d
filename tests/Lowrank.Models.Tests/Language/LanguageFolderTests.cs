using System.Text.Json.Nodes;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

/// <summary>Folders of language models, whole and spoilt.</summary>
public class LanguageFolderTests
{
    [Fact]
    public void EveryFieldThatAConfigLacksIsNamedAtOnce()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], """{"model_type": "llama", "num_attention_heads": 5, "num_key_value_heads": 2}""");
        string message = Assert.Throws<LowrankException>(() => LanguageModels.Load(folder.Path)).Message;
        foreach (string field in (string[])["vocab_size", "hidden_size", "num_hidden_layers", "intermediate_size"])
            Assert.Contains($"{field} is missing", message, StringComparison.Ordinal);
        Assert.Contains("num_key_value_heads is 2, which does not divide num_attention_heads 5", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"rms_norm_eps\": null", "rms_norm_eps is null, and must be a number of 0 or more (usual is 1e-06)")]
    [InlineData("\"rms_norm_eps\": -1", "rms_norm_eps is -1.0, and must be 0 or more")]
    [InlineData("\"rope_scaling\": {\"rope_type\": \"yarn\"}", "factor of the rotary embedding is missing, and no original_max_position_embeddings tells it")]
    [InlineData("\"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 0}", "factor of the rotary embedding is 0.0, and must be above zero")]
    public void AValueThatCannotBeIsToldWithTheFieldAndItsRange(string field, string told)
    {
        using var folder = new TemporaryFolder();
        string config = TinyLanguageModels.Config("qwen3");
        File.WriteAllText(folder["config.json"], $"{config[..^1]}, {field}}}");
        Assert.Contains(told, Assert.Throws<LowrankException>(() => LanguageModels.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(TinyLanguageModels.Families), MemberType = typeof(TinyLanguageModels))]
    public void NoFieldOfAFamilysOwnIsSaidToBeOthers(string family)
    {
        using var folder = new TemporaryFolder();
        TinyLanguageModels.Save(family, folder.Path);
        using var model = LanguageModels.Load(folder.Path);
        Assert.DoesNotContain(model.Notes, note => note.Contains("not used", StringComparison.Ordinal));
    }

    [Fact]
    public void AModelOfAnotherKindIsToldInWords()
    {
        using var folder = new TemporaryFolder();
        TinyLanguageModels.Save("llama", folder.Path);
        string message = Assert.Throws<LowrankException>(() => LanguageModels.Load<ScoreModel>(folder.Path)).Message;
        Assert.Contains("holds a LlamaForCausalLM, a model that writes, and a classifier is wanted", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ShardsWithoutAnIndexAreToldWithItsName()
    {
        using var folder = new TemporaryFolder();
        TinyLanguageModels.Save("llama", folder.Path);
        File.Move(folder["model.safetensors"], folder["model-00001-of-00002.safetensors"]);
        string message = Assert.Throws<LowrankException>(() => LanguageModels.Load(folder.Path)).Message;
        Assert.Contains("model-00001-of-00002.safetensors is one of several shards, and model.safetensors.index.json, which joins them, is missing",
            message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACacheThatAPassBrokeOffInIsRefusedByTheNextOne()
    {
        using var folder = new TemporaryFolder();
        TinyLanguageModels.Save("llama", folder.Path);
        using var model = LanguageModels.Load<CausalModel>(folder.Path);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var cache = model.NewCache();
        model.Run(new(tensor(new long[] { 1, 5, 6 }, [1, 3])) { Cache = cache });
        var layer = model.named_modules().Last(one => one.name.EndsWith("mlp.down_proj", StringComparison.Ordinal)).module;
        var hook = ((nn.Module<Tensor, Tensor>)layer).register_forward_pre_hook((_, _) => throw new InvalidOperationException("broken off"));
        LanguageInput next = new(tensor(new long[] { 7, 8 }, [1, 2])) { Cache = cache };
        Assert.Throws<InvalidOperationException>(() => model.Run(next));
        hook.remove();
        Assert.Contains("a pass broke off between its layers", Assert.ThrowsAny<LowrankException>(() => model.Run(next)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model_type": "mamba"}""", "model_type is \"mamba\", which is no language model that is known")]
    [InlineData("""{,"model_type": "llama"}""", "cannot be read as JSON: line 1, byte 2: ")]
    public void AFolderThatIsMeantForALanguageModelIsToldAsOne(string config, string told)
    {
        using var folder = new TemporaryFolder();
        TinyLanguageModels.Save("llama", folder.Path);
        File.WriteAllText(folder["config.json"], config);
        string message = Assert.Throws<LowrankException>(() => BaseModelInspection.Inspect(folder.Path)).Message;
        Assert.Contains(told, message, StringComparison.Ordinal);
        Assert.DoesNotContain("diffusers", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"rope_theta\": 500.0, \"rope_parameters\": {\"rope_theta\": 10000.0}", "not used: rope_theta (500.0): rope_parameters says 10000.0")]
    [InlineData("\"rope_parameters\": {\"rope_theta\": 20000.0}, \"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 2.0}",
        "not used: rope_parameters, but for its rope_theta: rope_scaling stands beside it")]
    public void ARopeThatIsToldTwiceIsToldWithThePlaceThatCounts(string fields, string told)
    {
        using var folder = new TemporaryFolder();
        TinyLanguageModels.Save("llama", folder.Path);
        var config = JsonNode.Parse(File.ReadAllText(folder["config.json"]))!.AsObject();
        foreach (var (name, value) in JsonNode.Parse($"{{{fields}}}")!.AsObject()) config[name] = value!.DeepClone();
        File.WriteAllText(folder["config.json"], config.ToJsonString());
        using var model = LanguageModels.Load(folder.Path);
        Assert.Contains(model.Notes, note => note.Contains(told, StringComparison.Ordinal));
    }

    [Fact]
    public void AFamilyThatIsNotKnownIsToldWithThoseThatAre()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], """{"model_type": "mamba"}""");
        string message = Assert.Throws<LowrankException>(() => LanguageModels.Load(folder.Path)).Message;
        Assert.Contains("mamba", message, StringComparison.Ordinal);
        Assert.Contains("llama", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARopeOfAnotherKindIsToldWithThoseThatAreKnown()
    {
        using var folder = new TemporaryFolder();
        string config = TinyLanguageModels.Config("llama").Replace("dynamic", "spiral", StringComparison.Ordinal);
        File.WriteAllText(folder["config.json"], config);
        string message = Assert.Throws<LowrankException>(() => LanguageModels.Load(folder.Path)).Message;
        Assert.Contains("spiral", message, StringComparison.Ordinal);
        Assert.Contains("longrope", message, StringComparison.Ordinal);
    }

    [Theory, InlineData("llama", "model.layers.1.mlp.up_proj.weight"), InlineData("qwen3", "model.embed_tokens.weight"),
        InlineData("gpt_oss", "model.layers.0.self_attn.sinks"), InlineData("gpt2", "transformer.h.0.attn.c_attn.weight")]
    public void AMissingTensorIsNamedAndNoWeightIsRandom(string family, string name)
    {
        using var folder = new TemporaryFolder();
        TinyLanguageModels.Save(family, folder.Path, own => own == name ? "lost.weight" : own);
        string message = Assert.Throws<LowrankException>(() => LanguageModels.Load(folder.Path)).Message;
        Assert.Contains($"{name} is missing", message, StringComparison.Ordinal);
        Assert.Contains("lost.weight is left over", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongShapeIsNamed()
    {
        using var folder = new TemporaryFolder();
        TinyLanguageModels.Save("llama", folder.Path);
        Folders.Edit(folder.Path, "config.json", "\"intermediate_size\": 20", "\"intermediate_size\": 21");
        string message = Assert.Throws<LowrankException>(() => LanguageModels.Load(folder.Path)).Message;
        Assert.Contains("model.layers.0.mlp.gate_proj.weight has shape (20, 24), and the model's is (21, 24)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnIndexThatNamesAFileOutsideItsFolderIsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], TinyLanguageModels.Config("llama"));
        File.WriteAllText(folder["model.safetensors.index.json"], """{"weight_map": {"lm_head.weight": "../secret.safetensors"}}""");
        string message = Assert.Throws<LowrankException>(() => LanguageModels.Load(folder.Path)).Message;
        Assert.Contains("../secret.safetensors", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingShardIsNamed()
    {
        using var folder = new TemporaryFolder();
        TinyLanguageModels.Save("llama", folder.Path);
        File.Move(folder["model.safetensors"], folder["model-00001-of-00002.safetensors"]);
        File.WriteAllText(folder["model.safetensors.index.json"],
            """{"weight_map": {"lm_head.weight": "model-00001-of-00002.safetensors", "model.norm.weight": "model-00002-of-00002.safetensors"}}""");
        string message = Assert.Throws<LowrankException>(() => LanguageModels.Load(folder.Path)).Message;
        Assert.Contains("model-00002-of-00002.safetensors", message, StringComparison.Ordinal);
    }

    [Theory, InlineData("gpt2", "transformer."), InlineData("llama", "model."), InlineData("gpt_neox", "gpt_neox.")]
    public void PrefixesMayBeMissingOrDoubled(string family, string prefix)
    {
        foreach (bool doubled in (bool[])[false, true])
        {
            using var folder = new TemporaryFolder();
            random.manual_seed(3).Dispose();
            TinyLanguageModels.Save(family, folder.Path, own =>
                !own.StartsWith(prefix, StringComparison.Ordinal) ? own : doubled ? prefix + own : own[prefix.Length..]);
            random.manual_seed(3).Dispose();
            using var want = TinyLanguageModels.Causal(family);
            using var got = LanguageModels.Load<CausalModel>(folder.Path);
            foreach (var ((name, one), (_, other)) in want.state_dict().Zip(got.state_dict()))
                Assert.True(one.eq(other).all().ToBoolean(), name);
        }
    }

    [Fact]
    public void AHeadThatDiffersFromTheTableThatItIsTiedToIsTakenAndTold()
    {
        using var folder = new TemporaryFolder();
        TinyLanguageModels.Save("olmo2", folder.Path);
        Folders.Edit(folder.Path, "config.json", "\"vocab_size\"", "\"tie_word_embeddings\": true, \"vocab_size\"");
        using var model = LanguageModels.Load<CausalModel>(folder.Path);
        Assert.Contains(model.Notes, note => note.Contains("lm_head.weight", StringComparison.Ordinal));
        Assert.False(model.Config.TiesHead);
    }

    [Fact]
    public void ExpertsOfFewBitsThatBecomeFloatsAreTold()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        TinyLanguageModels.Save("gpt_oss", folder.Path);
        string file = folder["model.safetensors"];
        var tensors = new List<KeyValuePair<string, Tensor>>();
        // In widths that blocks of 32 divide.
        long Wide(long side) => side switch { 24 or 20 => 32, 40 => 64, _ => side };
        using (var narrow = Safetensors.Open(file))
            foreach (var (name, shape) in narrow.Tensors.Select(one => (one.Name, one.Shape.Select(Wide).ToArray())))
                if (name.EndsWith("_proj", StringComparison.Ordinal) && shape is [var experts, var inputs, var outputs])
                {
                    tensors.Add(new(name + "_blocks", zeros([experts, outputs, inputs / 32, 16], ScalarType.Byte)));
                    tensors.Add(new(name + "_scales", zeros([experts, outputs, inputs / 32], ScalarType.Byte)));
                }
                else tensors.Add(new(name, ones(shape)));
        Safetensors.Save(file, tensors);
        Folders.Edit(folder.Path, "config.json", "\"hidden_size\": 24, \"intermediate_size\": 20",
            "\"hidden_size\": 32, \"intermediate_size\": 32, \"quantization_config\": {\"quant_method\": \"mxfp4\"}");
        using var model = LanguageModels.Load<CausalModel>(folder.Path);
        Assert.StartsWith("6 tensors that", Assert.Single(model.Notes));
    }

    [Fact]
    public void WeightsAreKeptAsTheyAreStored()
    {
        using var folder = new TemporaryFolder();
        TinyLanguageModels.Save("llama", folder.Path);
        using var wide = LanguageModels.Load(folder.Path);
        Assert.All(wide.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        using var narrow = LanguageModels.Load(folder.Path, new Storage(ScalarType.BFloat16));
        Assert.All(narrow.parameters(), parameter => Assert.Equal(ScalarType.BFloat16, parameter.dtype));
    }

    [Fact]
    public void AFolderIsABaseModelAmongOthers()
    {
        using var folder = new TemporaryFolder();
        TinyLanguageModels.Save("qwen2", folder.Path);
        Assert.True(BaseModelInspection.Recognizes(folder.Path));
        var report = BaseModelInspection.Inspect(folder.Path);
        Assert.Equal("qwen2", report.Family);
        using var outline = ModelKinds.Outline(folder.Path);
        using var model = ModelKinds.Load(folder.Path, new Storage());
        const string Path = "model.model.layers.0.self_attn.q_proj";
        Assert.Contains(Path, outline.Describe().LayersByPath.Keys);
        Assert.Contains(Path, model.Describe().LayersByPath.Keys);
        using var scope = NewDisposeScope();
        var target = outline.Describe().Components[0].Targets.First(t => t.Target.Path == Path).Target;
        Assert.True(outline.Weight(target, "weight")!.eq(model.Describe().LayersByPath[Path].Weight.Dense()).all().ToBoolean());
    }

    [Fact]
    public void AHeadThatIsTiedIsOneParameterInTwoPlaces()
    {
        using var model = TinyLanguageModels.Causal("qwen3");
        Assert.Single(model.Describe().TiedWeights);
        Assert.Equal(["model.lm_head.weight", "model.model.embed_tokens.weight"], model.Describe().TiedWeights[0].Paths.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(model.named_parameters(), parameter => parameter.name == "lm_head.weight");
    }

    [Theory]
    [InlineData("DistilBertForSequenceClassification", "bad,good", null)]
    [InlineData("DistilBertForSequenceClassification", "Bad,Good", null)]
    [InlineData("DistilBertForSequenceClassification", "0,1", null)]
    [InlineData("DistilBertForSequenceClassification", "good,bad", "tells bad, good, and good, bad are asked for")]
    [InlineData("DistilBertForSequenceClassification", "bad,good,fair", "has shape (2, 24), and the model's is (3, 24)")]
    [InlineData("DistilBertForTokenClassification", "bad,good", "is of DistilBertForTokenClassification, and DistilBertForSequenceClassification is made")]
    [InlineData("DistilBertForMaskedLM", "bad,good", "")]
    public void AHeadThatWasSavedForSomethingElseIsPassedOverAndTold(string saved, string labels, string? told) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var before = TinyEncoders.Model<LanguageNetwork>("distilbert", saved);
        TinyEncoders.Save(before, "distilbert", folder.Path);
        Folders.Edit(folder.Path, "config.json", "\"vocab_size\"", "\"id2label\": {\"0\": \"bad\", \"1\": \"good\"}, \"vocab_size\"");
        using var model = LanguageModels.LoadHeaded(folder.Path, ModelHead.Rows, labels.Split(','));
        Assert.Equal(told is not null, model.LacksHead);
        string[] notes = [.. model.Notes.Where(note => note.EndsWith("its head is passed over.", StringComparison.Ordinal))];
        if (string.IsNullOrEmpty(told)) Assert.Empty(notes);
        else Assert.Contains(told, Assert.Single(notes), StringComparison.Ordinal);
        var stored = before.state_dict();
        foreach (var (name, parameter) in model.named_parameters())
        {
            bool isOfHead = model.IsOfHead($"{ModelDescription.Whole}.{name}");
            if (isOfHead && told is not null) Assert.False(parameter.ne(0).any().ToBoolean(), name);
            else if (stored.TryGetValue(name, out var same)) Assert.True(parameter.eq(same).all().ToBoolean(), name);
        }
    });
}
