using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lowrank.Adapters.Tests;

/// <summary>What a PEFT folder tells beside its tensors.</summary>
public class PeftFolderTests
{
    // Somebody's own model: an embedding, two linears and a norm, under the names 0 to 3.
    static (SequenceModel Module, ModelDescription Description) Own()
    {
        var module = new SequenceModel(new Embedding(11, 6), new Linear(6, 8), new Linear(8, 6), new LayerNorm(6));
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in module.parameters()) parameter.copy_(randn(parameter.shape));
        return (module, ModelDescription.Of(module));
    }

    static Target At(ModelDescription model, int index) => model.Components[0].Targets[index].Target;

    static JsonObject Config(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, PeftFolder.Settings)))!.AsObject();

    [Fact]
    public void ALoraStandsBesideTrainedTokensAndAWholeNorm()
    {
        var (module, model) = Own();
        using var _ = module;
        using var folder = new TemporaryFolder();
        using var adapter = AdapterFactory.Create(model,
        [
            new(At(model, 0), TrainableTokens.Descriptor, new TrainableTokensOptions(new MethodOptions(1)) { Tokens = [4, 1] }),
            new(At(model, 1), Lora.Descriptor, new LoraOptions(3, 6)), new(At(model, 2), Lora.Descriptor, new LoraOptions(2, 4)),
            new(At(model, 3), Replacement.Descriptor, new MethodOptions(1)),
        ]);
        AdapterFile.Write(folder.File("adapter"), adapter, model, "peft");

        var config = Config(folder.File("adapter"));
        Assert.Equal("LORA", config["peft_type"]!.GetValue<string>());
        Assert.Equal("[4,1]", config["trainable_token_indices"]!["0"]!.ToJsonString());
        Assert.Equal("""["3"]""", config["modules_to_save"]!.ToJsonString());
        Assert.Equal(3, config["rank_pattern"]!["1"]!.GetValue<int>());
        Assert.Equal(4, config["alpha_pattern"]!["2"]!.GetValue<int>());
        using var read = AdapterFile.Read(folder.File("adapter"), model);
        Assert.Empty(read.Notes);
        foreach (var (path, made) in adapter.Targets)
            foreach (var ((part, want), (other, got)) in made.Parts.Zip(read.Targets[path].Parts))
            {
                Assert.Equal(part, other);
                Close.Same(want, got, $"{part} of {path}");
            }
    }

    [Fact]
    public void PatternsAreExpressionsForEndsOfPathsAndTheFirstCounts()
    {
        var (module, model) = Own();
        using var _ = module;
        using var folder = new TemporaryFolder();
        using var adapter = AdapterFactory.Create(model, [At(model, 1), At(model, 2)], Lora.Descriptor, new LoraOptions(4, 4));
        string path = folder.File("adapter");
        AdapterFile.Write(path, adapter, model, "peft");
        var config = Config(path);
        config["lora_alpha"] = 16;
        config["use_rslora"] = true;
        config["alpha_pattern"] = new JsonObject { ["[2-9]"] = 2, ["2"] = 100 };
        File.WriteAllText(Path.Combine(path, PeftFolder.Settings), config.ToJsonString());

        using var read = AdapterFile.Read(Path.Combine(path, PeftFolder.Weights), model);   // the tensors' file means its folder
        Assert.Equal(16 / Math.Sqrt(4), ((Lora)read.Targets["model.1"]).Scale, 1e-6);
        Assert.Equal(2 / Math.Sqrt(4), ((Lora)read.Targets["model.2"]).Scale, 1e-6);
    }

    [Theory]
    [InlineData("peft_type", "\"XLORA\"", "XLORA")]
    [InlineData("use_qalora", "true", "use_qalora")]
    [InlineData("alpha_pattern", "{\"(\": 2}", "no regular expression")]
    [InlineData("lora_alpha", "\"16\"", "lora_alpha in adapter_config.json is \"16\", a text")]
    [InlineData("lora_alpha", "null", "lora_alpha in adapter_config.json is null")]
    [InlineData("lora_alpha", "[]", "lora_alpha in adapter_config.json is [], a list")]
    [InlineData("r", "\"four\"", "r in adapter_config.json is \"four\"")]
    [InlineData("lora_dropout", "\"much\"", "lora_dropout in adapter_config.json is \"much\"")]
    [InlineData("use_rslora", "\"no\"", "use_rslora in adapter_config.json is \"no\"")]
    [InlineData("rank_pattern", "{\"1\": \"2\"}", "rank_pattern of \"1\" in adapter_config.json is \"2\"")]
    [InlineData("peft_type", "\"LOHA\"", "the tensors are of LORA")]
    [InlineData("peft_type", "\"\"", "UNILORA, LILY, BEFT)")]
    public void WhatIsNotKnownIsSaid(string field, string value, string told)
    {
        var (module, model) = Own();
        using var _ = module;
        using var folder = new TemporaryFolder();
        using var adapter = AdapterFactory.Create(model, [At(model, 1)], Lora.Descriptor, new LoraOptions(2));
        string path = folder.File("adapter");
        AdapterFile.Write(path, adapter, model, "peft");
        var config = Config(path);
        config[field] = JsonNode.Parse(value);
        File.WriteAllText(Path.Combine(path, PeftFolder.Settings), config.ToJsonString());
        Assert.Contains(told, Assert.Throws<LowrankException>(() => AdapterFile.Read(path, model)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("use_dora", "true", "use_dora")]
    [InlineData("bias", "\"all\"", "bias (all)")]
    [InlineData("target_modules", "[\"1\", \"2\"]", "2 of target_modules")]
    [InlineData("modules_to_save", "[\"3\"]", "3 of modules_to_save")]
    [InlineData("trainable_token_indices", "{\"0\": [1]}", "0 of trainable_token_indices")]
    [InlineData("alpha_pattern", "{\"7\": 2}", "7 of alpha_pattern")]
    [InlineData("rank_pattern", "{\"7\": 2}", "7 of rank_pattern")]
    public void WhatTheTensorsDoNotBearOutIsSaid(string field, string value, string told)
    {
        var (module, model) = Own();
        using var _ = module;
        using var folder = new TemporaryFolder();
        using var adapter = AdapterFactory.Create(model, [At(model, 1)], Lora.Descriptor, new LoraOptions(2));
        string path = folder.File("adapter");
        AdapterFile.Write(path, adapter, model, "peft");
        using (var whole = AdapterFile.Read(path, model)) Assert.Empty(whole.PassedOver);
        var config = Config(path);
        config[field] = JsonNode.Parse(value);
        File.WriteAllText(Path.Combine(path, PeftFolder.Settings), config.ToJsonString());
        using var read = AdapterFile.Read(path, model);
        Assert.Equal(told, Assert.Single(read.PassedOver).Name);
        using var file = AdapterFile.Open(path);
        Assert.Equal(told, Assert.Single(AdapterInspection.Inspect(file).PassedOver).Name);
    }

    [Fact]
    public void AnAlphaOfZeroOrNoneIsNoted()
    {
        var (module, model) = Own();
        using var _ = module;
        using var folder = new TemporaryFolder();
        using var adapter = AdapterFactory.Create(model, [At(model, 1)], Lora.Descriptor, new LoraOptions(2));
        string path = folder.File("adapter"), settings = Path.Combine(path, PeftFolder.Settings);
        AdapterFile.Write(path, adapter, model, "peft");
        var config = Config(path);
        config["lora_alpha"] = 0;
        File.WriteAllText(settings, config.ToJsonString());
        using (var read = AdapterFile.Read(path, model)) Assert.Contains("alpha 0", Assert.Single(read.Notes));
        config.Remove("lora_alpha");
        File.WriteAllText(settings, config.ToJsonString());
        using (var read = AdapterFile.Read(path, model)) Assert.Contains("PEFT's default, 8", Assert.Single(read.Notes));
    }

    [Fact]
    public void TheDropoutOfTrainingIsWritten()
    {
        var (module, model) = Own();
        using var _ = module;
        using var folder = new TemporaryFolder();
        using var adapter = AdapterFactory.Create(
            model, [At(model, 1)], Lora.Descriptor, new LoraOptions(new MethodOptions(2) { Dropout = 0.5, DropoutStyle = DropoutStyle.Peft }));
        AdapterFile.Write(folder.File("adapter"), adapter, model, "peft");
        Assert.Equal(0.5, Config(folder.File("adapter"))["lora_dropout"]!.GetValue<double>());
        using var read = AdapterFile.Read(folder.File("adapter"), model);
        Assert.Contains("lora_dropout 0.5", Assert.Single(read.Notes));
    }

    [Fact]
    public void WhatIsNotFiniteIsNotWritten()
    {
        var (module, model) = Own();
        using var _ = module;
        using var folder = new TemporaryFolder();
        using var adapter = AdapterFactory.Create(model, [At(model, 1)], Lora.Descriptor, new LoraOptions(2));
        using (no_grad()) adapter.Targets["model.1"].Parts[0].Value.fill_(float.NaN);
        var error = Assert.Throws<SpoiltAdapterException>(() => AdapterFile.Write(folder.File("adapter"), adapter, model, "peft"));
        Assert.Contains("base_model.model.1.lora_", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("adapter")));
        Assert.Contains("empty", Assert.Throws<LowrankException>(() => AdapterFile.Open("")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatIsWrittenOverHoldsNothingHalfWritten()
    {
        var (module, model) = Own();
        using var _ = module;
        using var folder = new TemporaryFolder();
        using var old = AdapterFactory.Create(model, [At(model, 1)], Lora.Descriptor, new LoraOptions(2, 2));
        using var other = AdapterFactory.Create(model, [At(model, 2)], Lora.Descriptor, new LoraOptions(3, 6));
        string path = folder.File("adapter");
        AdapterFile.Write(path, old, model, "peft");
        AdapterFile.Write(path, other, model, "peft");
        Assert.Equal(2, Directory.GetFileSystemEntries(path).Length);
        using var read = AdapterFile.Read(path, model);
        Assert.Equal(2, ((Lora)read.Targets["model.2"]).Scale);
    }

    [Fact]
    public void KeysWithAnAdaptersNameAreRead()
    {
        var (module, model) = Own();
        using var _ = module;
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = folder.File("adapter");
        Directory.CreateDirectory(path);
        Safetensors.Save(Path.Combine(path, PeftFolder.Weights), new Dictionary<string, Tensor>
        {
            ["base_model.model.1.lora_A.default.weight"] = ones(2, 6), ["base_model.model.1.lora_B.default.weight"] = ones(8, 2),
        });
        File.WriteAllText(Path.Combine(path, PeftFolder.Settings), JsonSerializer.Serialize(new { peft_type = "LORA", r = 2, lora_alpha = 6 }));
        using var read = AdapterFile.Read(path, model);
        Assert.Equal(3, ((Lora)read.Targets["model.1"]).Scale);
    }

    [Fact]
    public void TwoMethodsDoNotGoIntoOneFolder()
    {
        var (module, model) = Own();
        using var _ = module;
        using var folder = new TemporaryFolder();
        using var adapter = AdapterFactory.Create(model,
            [new(At(model, 1), Lora.Descriptor, new LoraOptions(2)), new(At(model, 2), Oft.Descriptor, new MethodOptions(4))]);
        var error = Assert.Throws<LowrankException>(() => AdapterFile.Write(folder.File("adapter"), adapter, model, "peft"));
        Assert.Contains("lora, oft", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("adapter")));
    }

    [Fact]
    public void WhatTargetsShareIsTrainedOnceAndWrittenOnce()
    {
        var (module, model) = Own();
        using var _ = module;
        using var folder = new TemporaryFolder();
        using var adapter = AdapterFactory.Create(model, [At(model, 1), At(model, 2)], VbLora.Descriptor, new VbLoraOptions(new MethodOptions(2)) { Vectors = 9, VectorLength = 2 });
        Assert.Equal(5, adapter.Trainable.Count());   // two logits a target, and the bank
        AdapterFile.Write(folder.File("adapter"), adapter, model, "peft");
        using (var file = PeftFolder.Open(folder.File("adapter"))) Assert.Equal(5, file.Tensors.Count);
        using var read = AdapterFile.Read(folder.File("adapter"), model);
        Assert.Equal(5, read.Trainable.Count());
    }

    // Backtracking through the first takes 2^40 steps; the second no engine reads in linear time.
    [Theory]
    [InlineData("(.*.*.*.*.*.*.*.*)*x", true)]
    [InlineData(@"(?=(a+)+x)(a|\.|\d)*b", false)]
    public void APatternThatWouldTakeForEverIsMatchedOrRefusedAtOnce(string pattern, bool read)
    {
        var (module, _) = Own();
        using var __ = module;
        string component = new('a', 40);
        var model = new ModelDescription(new ModelFamily("own"), [new(component, module, new Dictionary<string, KeyMap>()), new("other", new SequenceModel(), new Dictionary<string, KeyMap>())]);
        using var folder = new TemporaryFolder();
        using (var adapter = AdapterFactory.Create(model, [new(At(model, 1), Lora.Descriptor, new LoraOptions(3, 6))])) AdapterFile.Write(folder.File("adapter"), adapter, model, "peft");
        string of = folder.File(Path.Combine("adapter", component));
        var weights = Path.Combine(of, PeftFolder.Weights);
        using (var scope = NewDisposeScope())
        {
            // Under the longer of its names.
            Dictionary<string, Tensor> tensors;
            using (var file = Safetensors.Open(weights)) tensors = file.Tensors.ToDictionary(t => t.Name.Replace("base_model.model.1", $"base_model.model.{component}.1", StringComparison.Ordinal), t => file.Read(t.Name));
            Safetensors.Save(weights, tensors);
        }
        var config = Config(of);
        config["rank_pattern"] = new JsonObject { [pattern] = 2 };
        File.WriteAllText(Path.Combine(of, PeftFolder.Settings), config.ToJsonString());

        var clock = System.Diagnostics.Stopwatch.StartNew();
        if (read) AdapterFile.Read(of, model).Dispose();
        else Assert.Contains("no regular expression that can be used", Assert.Throws<LowrankException>(() => AdapterFile.Read(of, model)).Message, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
    }
}
