using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lowrank.Adapters.Tests;

/// <summary>What a PEFT folder tells beside its tensors.</summary>
public sealed class PeftFolderTests : IDisposable
{
    // Somebody's own model: an embedding, two linears and a norm, under the names 0 to 3.
    readonly SequenceModel module = new(new Embedding(11, 6), new Linear(6, 8), new Linear(8, 6), new LayerNorm(6));
    readonly ModelDescription model;
    readonly TemporaryFolder folder = new();
    readonly string path;

    public PeftFolderTests()
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in module.parameters()) parameter.copy_(randn(parameter.shape));
        (model, path) = (ModelDescription.Of(module), folder.File("adapter"));
    }

    public void Dispose()
    {
        module.Dispose();
        folder.Dispose();
    }

    Target At(int index) => model.Components[0].Targets[index].Target;

    // A folder with a LoRA over the first linear.
    void WriteLora()
    {
        using var adapter = AdapterFactory.Create(model, [At(1)], Lora.Descriptor, new LoraOptions(2));
        Write(adapter);
    }

    void Write(Adapter adapter) => AdapterFile.Write(path, adapter, model, "peft");

    Adapter Read() => AdapterFile.Read(path, model);

    JsonObject Config => ConfigIn(path);

    static JsonObject ConfigIn(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, PeftFolder.Settings)))!.AsObject();

    // The folder with fields of its configuration changed.
    void Configure(Action<JsonObject> change) => Configure(path, change);

    static void Configure(string folder, Action<JsonObject> change)
    {
        var config = ConfigIn(folder);
        change(config);
        File.WriteAllText(Path.Combine(folder, PeftFolder.Settings), config.ToJsonString());
    }

    [Fact]
    public void ALoraStandsBesideTrainedTokensAndAWholeNorm()
    {
        using var adapter = AdapterFactory.Create(model,
        [
            new(At(0), TrainableTokens.Descriptor, new TrainableTokensOptions(new MethodOptions(1)) { Tokens = [4, 1] }),
            new(At(1), Lora.Descriptor, new LoraOptions(3, 6)), new(At(2), Lora.Descriptor, new LoraOptions(2, 4)),
            new(At(3), Replacement.Descriptor, new MethodOptions(1)),
        ]);
        Write(adapter);

        var config = Config;
        Assert.Equal("LORA", config["peft_type"]!.GetValue<string>());
        Assert.Equal("[4,1]", config["trainable_token_indices"]!["0"]!.ToJsonString());
        Assert.Equal("""["3"]""", config["modules_to_save"]!.ToJsonString());
        Assert.Equal(3, config["rank_pattern"]!["1"]!.GetValue<int>());
        Assert.Equal(4, config["alpha_pattern"]!["2"]!.GetValue<int>());
        using var read = Read();
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
        using var adapter = AdapterFactory.Create(model, [At(1), At(2)], Lora.Descriptor, new LoraOptions(4, 4));
        Write(adapter);
        Configure(config =>
        {
            config["lora_alpha"] = 16;
            config["use_rslora"] = true;
            config["alpha_pattern"] = new JsonObject { ["[2-9]"] = 2, ["2"] = 100 };
        });

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
    [InlineData("peft_type", "\"\"", "UNILORA, LILY, BEFT, PROMPT_TUNING, P_TUNING, PREFIX_TUNING)")]
    [InlineData("modules_to_save", "[\"3\"]", "modules_to_save names 3, which the model has as 3, and the file holds nothing of it")]
    [InlineData("target_modules", "[\"7\"]", "which means none of the 1 layers that the file has factors for, such as 1")]
    [InlineData("target_modules", "\"7|8\"", "which means none of the 1 layers that the file has factors for, such as 1")]
    [InlineData("task_type", "\"POETRY\"", "task_type is \"POETRY\", which is none of PEFT's tasks")]
    [InlineData("bias", "\"some\"", "bias is \"some\"")]
    public void WhatIsNotKnownIsSaid(string field, string value, string told)
    {
        WriteLora();
        Configure(config => config[field] = JsonNode.Parse(value));
        Assert.Contains(told, Assert.Throws<LowrankException>(Read).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("use_dora", "true", "use_dora")]
    [InlineData("bias", "\"all\"", "bias (all)")]
    [InlineData("target_modules", "[\"1\", \"2\"]", "2 of target_modules")]
    [InlineData("modules_to_save", "[\"9\"]", "9 of modules_to_save")]
    [InlineData("target_parameters", "[\"0.experts.gate_up_proj\"]", "0.experts.gate_up_proj of target_parameters")]
    [InlineData("trainable_token_indices", "{\"0\": [1]}", "0 of trainable_token_indices")]
    [InlineData("alpha_pattern", "{\"7\": 2}", "7 of alpha_pattern")]
    [InlineData("rank_pattern", "{\"7\": 2}", "7 of rank_pattern")]
    public void WhatTheTensorsDoNotBearOutIsSaid(string field, string value, string told)
    {
        WriteLora();
        using (var whole = Read()) Assert.Empty(whole.PassedOver);
        Configure(config => config[field] = JsonNode.Parse(value));
        using var read = Read();
        Assert.Equal(told, Assert.Single(read.PassedOver).Name);
        using var file = AdapterFile.Open(path);
        Assert.Equal(told, Assert.Single(AdapterInspection.Inspect(file).PassedOver).Name);
    }

    [Fact]
    public void AnAlphaOfZeroOrNoneIsNoted()
    {
        WriteLora();
        Configure(config => config["lora_alpha"] = 0);
        using (var read = Read()) Assert.Contains("alpha 0", Assert.Single(read.Notes));
        Configure(config => config.Remove("lora_alpha"));
        using (var read = Read()) Assert.Contains("PEFT's default, 8", Assert.Single(read.Notes));
    }

    [Fact]
    public void TheDropoutOfTrainingIsWritten()
    {
        using var adapter = AdapterFactory.Create(
            model, [At(1)], Lora.Descriptor, new LoraOptions(new MethodOptions(2) { Dropout = 0.5, DropoutStyle = DropoutStyle.Peft }));
        Write(adapter);
        Assert.Equal(0.5, Config["lora_dropout"]!.GetValue<double>());
        using var read = Read();
        Assert.Contains("lora_dropout 0.5", Assert.Single(read.Notes));
    }

    [Fact]
    public void WhatIsNotFiniteIsNotWritten()
    {
        using var adapter = AdapterFactory.Create(model, [At(1)], Lora.Descriptor, new LoraOptions(2));
        using (no_grad()) adapter.Targets["model.1"].Parts[0].Value.fill_(float.NaN);
        var error = Assert.Throws<SpoiltAdapterException>(() => Write(adapter));
        Assert.Contains("base_model.model.1.lora_", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(path));
        Assert.Contains("empty", Assert.Throws<LowrankException>(() => AdapterFile.Open("")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatIsWrittenOverHoldsNothingHalfWritten()
    {
        using var old = AdapterFactory.Create(model, [At(1)], Lora.Descriptor, new LoraOptions(2, 2));
        using var other = AdapterFactory.Create(model, [At(2)], Lora.Descriptor, new LoraOptions(3, 6));
        Write(old);
        Write(other);
        Assert.Equal(2, Directory.GetFileSystemEntries(path).Length);
        using var read = Read();
        Assert.Equal(2, ((Lora)read.Targets["model.2"]).Scale);
    }

    [Fact]
    public void KeysWithAnAdaptersNameAreRead()
    {
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(path);
        Safetensors.Save(Path.Combine(path, PeftFolder.Weights), new Dictionary<string, Tensor>
        {
            ["base_model.model.1.lora_A.default.weight"] = ones(2, 6), ["base_model.model.1.lora_B.default.weight"] = ones(8, 2),
        });
        File.WriteAllText(Path.Combine(path, PeftFolder.Settings), JsonSerializer.Serialize(new { peft_type = "LORA", r = 2, lora_alpha = 6 }));
        using var read = Read();
        Assert.Equal(3, ((Lora)read.Targets["model.1"]).Scale);
    }

    [Fact]
    public void TwoMethodsDoNotGoIntoOneFolder()
    {
        using var adapter = AdapterFactory.Create(model,
            [new(At(1), Lora.Descriptor, new LoraOptions(2)), new(At(2), Oft.Descriptor, new MethodOptions(4))]);
        var error = Assert.Throws<LowrankException>(() => Write(adapter));
        Assert.Contains("lora, oft", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void WhatTargetsShareIsTrainedOnceAndWrittenOnce()
    {
        using var adapter = AdapterFactory.Create(model, [At(1), At(2)], VbLora.Descriptor, new VbLoraOptions(new MethodOptions(2)) { Vectors = 9, VectorLength = 2 });
        Assert.Equal(5, adapter.Trainable.Count());   // two logits a target, and the bank
        Write(adapter);
        using (var file = PeftFolder.Open(path)) Assert.Equal(5, file.Tensors.Count);
        using var read = Read();
        Assert.Equal(5, read.Trainable.Count());
    }

    [Theory, InlineData("(?P<of>1|2)"), InlineData("(?P<of>1|2)(?P=of)*")]
    public void AnExpressionThatPythonAloneReadsIsNoted(string expression)
    {
        WriteLora();
        Configure(config => config["target_modules"] = expression);
        using var read = Read();
        Assert.Contains(read.Notes, note => note.Contains($"target_modules is \"{expression}\", which cannot be held", StringComparison.Ordinal));
    }

    // Backtracking through the first takes 2^40 steps; the second no engine reads in linear time.
    [Theory]
    [InlineData("(.*.*.*.*.*.*.*.*)*x", true)]
    [InlineData(@"(?=(a+)+x)(a|\.|\d)*b", false)]
    public void APatternThatWouldTakeForEverIsMatchedOrRefusedAtOnce(string pattern, bool read)
    {
        string component = new('a', 40);
        var two = new ModelDescription(new ModelFamily("own"), [new(component, module, new Dictionary<string, KeyMap>()), new("other", new SequenceModel(), new Dictionary<string, KeyMap>())]);
        using (var adapter = AdapterFactory.Create(two, [new(two.Components[0].Targets[1].Target, Lora.Descriptor, new LoraOptions(3, 6))])) AdapterFile.Write(path, adapter, two, "peft");
        string of = folder.File(Path.Combine("adapter", component));
        var weights = Path.Combine(of, PeftFolder.Weights);
        using (var scope = NewDisposeScope())
        {
            // Under the longer of its names.
            Dictionary<string, Tensor> tensors;
            using (var file = Safetensors.Open(weights)) tensors = file.Tensors.ToDictionary(t => t.Name.Replace("base_model.model.1", $"base_model.model.{component}.1", StringComparison.Ordinal), t => file.Read(t.Name));
            Safetensors.Save(weights, tensors);
        }
        Configure(of, config => config["rank_pattern"] = new JsonObject { [pattern] = 2 });

        var clock = System.Diagnostics.Stopwatch.StartNew();
        if (read) AdapterFile.Read(of, two).Dispose();
        else Assert.Contains("no regular expression that can be used", Assert.Throws<LowrankException>(() => AdapterFile.Read(of, two)).Message, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
    }
}
