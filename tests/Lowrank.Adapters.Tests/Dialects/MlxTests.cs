using System.Text.Json.Nodes;

namespace Lowrank.Adapters.Tests;

/// <summary>mlx-lm's folders, against the formulas of its layers (mlx-lm at d78bf58, tuner/lora.py and dora.py).</summary>
public sealed class MlxTests : IDisposable
{
    const string Query = "model.layers.0.q_proj", Value = "model.layers.1.v_proj", Table = "model.embed_tokens", Norm = "model.norm";

    readonly LayerTree module = new((Query, new Linear(6, 4)), (Value, new Linear(6, 5)), (Table, new Embedding(11, 6)), (Norm, new LayerNorm(6)));
    readonly TemporaryFolder folder = new();
    readonly ModelDescription model;
    readonly string path;

    public MlxTests()
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in module.parameters()) parameter.copy_(randn(parameter.shape));
        var plain = ModelDescription.Of(module);
        // A model of which it is known that mlx-lm calls its layers as it does.
        var aliases = new Dictionary<string, ComponentAlias> { ["mlx-lm"] = new("model") };
        model = new(plain.Family, [plain.Components[0] with { Aliases = aliases }]);
        path = folder.File("adapter");
    }

    public void Dispose()
    {
        module.Dispose();
        folder.Dispose();
    }

    const string OfRankTwo = """{"fine_tune_type": "lora", "num_layers": 2, "lora_parameters": {"rank": 2, "scale": 20.0, "dropout": 0.0}}""";

    void Write(string config, params (string Key, Tensor Value)[] tensors) => Write("adapters.safetensors", config, tensors);

    void Write(string file, string config, params (string Key, Tensor Value)[] tensors)
    {
        Directory.CreateDirectory(path);
        Safetensors.Save(Path.Combine(path, file), tensors.Select(t => KeyValuePair.Create(t.Key, t.Value)));
        File.WriteAllText(Path.Combine(path, "adapter_config.json"), config);
    }

    Adapter Read() => AdapterFile.Read(path, model);

    string Fault(string config, params (string Key, Tensor Value)[] tensors)
    {
        Write(config, tensors);
        return Assert.Throws<LowrankException>(Read).Message;
    }

    TorchSharp.Modules.Parameter Weight(string path) => module.get_parameter(path + ".weight")!;

    static Tensor Changed(Adapter adapter, string path, Tensor weight) => adapter.Targets["model." + path].Apply(weight, 1);

    JsonObject Config => JsonNode.Parse(File.ReadAllText(Path.Combine(path, "adapter_config.json")))!.AsObject();

    [Theory]
    [InlineData(1, null, "num_layers 1 leaves out 1 layers that the file has factors for, such as model.layers.0.q_proj: mlx-lm would refuse")]
    [InlineData(2, null, null)]
    [InlineData(-1, null, null)]
    [InlineData(1, "model.layers.0.q_proj", "lora_parameters.keys leave out 1 layers that the file has factors for, such as model.layers.1.v_proj")]
    [InlineData(2, "v_proj", "lora_parameters.keys leave out 1 layers that the file has factors for, such as model.layers.0.q_proj")]
    public void LayersThatItsConfigurationLeavesOutAreTold(int layers, string? keys, string? told)
    {
        string named = keys is null ? "" : $", \"keys\": [\"{keys}\"]";
        string config = $$"""{"fine_tune_type": "lora", "num_layers": {{layers}}, "lora_parameters": {"rank": 2, "scale": 20.0{{named}} } }""";
        using var scope = NewDisposeScope();
        Write(config, ($"{Query}.lora_a", randn(6, 2)), ($"{Query}.lora_b", randn(2, 4)), ($"{Value}.lora_a", randn(6, 2)), ($"{Value}.lora_b", randn(2, 5)));
        using var adapter = Read();
        Assert.Equal(2, adapter.Targets.Count);
        if (told is null) Assert.DoesNotContain(adapter.Notes, note => note.Contains("out", StringComparison.Ordinal));
        else Assert.Contains(told, string.Join(" ", adapter.Notes), StringComparison.Ordinal);
    }

    [Theory, InlineData(null), InlineData("adapters.safetensors")]
    public void ALinearLayersChangeIsTheTurnedProductTimesTheScale(string? file)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (randn(6, 2), randn(2, 4));
        Write(OfRankTwo, ($"{Query}.lora_a", a), ($"{Query}.lora_b", b));
        using var adapter = AdapterFile.Read(file is null ? path : Path.Combine(path, file), model);
        Assert.Equal("mlx", adapter.Dialect);
        Assert.Equal(40, ((Lora)adapter.Targets["model." + Query]).Alpha);
        Close.Equal(Weight(Query) + 20 * a.mm(b).t(), Changed(adapter, Query, Weight(Query)));
    }

    [Fact]
    public void MagnitudesAreOfOutputs()
    {
        using var scope = NewDisposeScope();
        var (a, b, m) = (randn(6, 2), randn(2, 4), rand(4) + 0.5);
        Write(OfRankTwo.Replace("\"lora\"", "\"dora\""), ($"{Query}.lora_a", a), ($"{Query}.lora_b", b), ($"{Query}.m", m));
        using var adapter = Read();
        var sum = Weight(Query) + 20 * a.mm(b).t();
        Close.Equal(m.unsqueeze(1) * sum / sum.norm(1, keepdim: true), Changed(adapter, Query, Weight(Query)));
    }

    // Of a table the weight is (words, width), the factors (words, r) and (r, width), the magnitudes those of words.
    [Theory, InlineData(false), InlineData(true)]
    public void ATablesFactorsAreOfItsRows(bool dora)
    {
        using var scope = NewDisposeScope();
        var (a, b, m) = (randn(11, 2), randn(2, 6), rand(11) + 0.5);
        (string, Tensor)[] pair = [($"{Table}.lora_a", a), ($"{Table}.lora_b", b)];
        Write(dora ? OfRankTwo.Replace("\"lora\"", "\"dora\"") : OfRankTwo, dora ? [.. pair, ($"{Table}.m", m)] : pair);
        using var adapter = Read();
        var sum = Weight(Table) + 20 * a.mm(b);
        var wanted = dora ? m.unsqueeze(1) * sum / sum.norm(1, keepdim: true) : sum;
        Close.Equal(wanted, Changed(adapter, Table, Weight(Table).t()).t());
    }

    [Fact]
    public void WholeWeightsTakeThePlaceOfTheLayersOwn()
    {
        using var scope = NewDisposeScope();
        var (weight, bias, norm) = (randn(4, 6), randn(4), randn(6));
        Write("""{"fine_tune_type": "full", "num_layers": 1}""", ($"{Query}.weight", weight), ($"{Query}.bias", bias), ($"{Norm}.weight", norm));
        using var adapter = Read();
        Close.Equal(weight, Changed(adapter, Query, Weight(Query)));
        Close.Equal(bias, adapter.Targets["model." + Query].ApplyBias(zeros(4), 1)!);
        Assert.Equal(2, adapter.Targets.Count);
    }

    // GPT-2 keeps (inputs, outputs), and mlx-lm's own linear layer (outputs, inputs): of a square one the shape tells nothing.
    [Theory, InlineData(6), InlineData(4)]
    public void AWholeWeightOfATransposedLayerIsTurned(int outputs)
    {
        using var scope = NewDisposeScope();
        var plain = ModelDescription.Of(new LayerTree(("c_proj", new Conv1D(4, outputs))));
        var aliases = new Dictionary<string, ComponentAlias> { ["mlx-lm"] = new("model") };
        var turned = new ModelDescription(plain.Family, [plain.Components[0] with { Aliases = aliases }]);
        var (target, stored) = (turned.Components[0].Targets[0].Target, randn(outputs, 4));
        Write("""{"fine_tune_type": "full", "num_layers": 1}""", ("c_proj.weight", stored));
        using var adapter = AdapterFile.Read(path, turned);
        Close.Equal(stored.t(), adapter.Targets[target.Path].Parts[0].Value);
        AdapterFile.Write(folder.File("again"), adapter, turned, "mlx");
        using var again = Safetensors.Open(Path.Combine(folder.File("again"), "adapters.safetensors"));
        Close.Equal(stored, again.Read("c_proj.weight"));
    }

    [Fact]
    public void OtherTensorsOfAFolderThatIsThereAreNotLeftUnderTheNewConfiguration()
    {
        using var scope = NewDisposeScope();
        Write(OfRankTwo, ($"{Query}.lora_a", randn(6, 2)), ($"{Query}.lora_b", randn(2, 4)));
        using var adapter = Read();
        string other = folder.File("other");
        AdapterFile.Write(other, adapter, model, "peft");
        AdapterFile.Write(other, adapter, model, "mlx");
        Assert.Equal(["adapter_config.json", "adapters.safetensors"], Directory.EnumerateFiles(other).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        File.Copy(Path.Combine(other, "adapters.safetensors"), Path.Combine(other, "0000100_adapters.safetensors"));
        byte[] before = File.ReadAllBytes(Path.Combine(other, "adapter_config.json"));
        string fault = Assert.Throws<LowrankException>(() => AdapterFile.Write(other, adapter, model, "mlx")).Message;
        Assert.Contains("0000100_adapters.safetensors", fault);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(other, "adapter_config.json")));
    }

    [Theory]
    [InlineData("""{"lora_layers": 16, "lora_parameters": {"rank": 2, "alpha": 16, "scale": 10.0, "dropout": 0.0}}""", 10, false)]
    [InlineData("""{"lora_layers": 16, "use_dora": true, "lora_parameters": {"rank": 2, "scale": 10.0, "dropout": 0.0}}""", 10, true)]
    public void TheNamesOfTwentyTwentyFourAreRead(string config, double scale, bool dora)
    {
        using var scope = NewDisposeScope();
        (string, Tensor)[] pair = [($"{Query}.lora_a", randn(6, 2)), ($"{Query}.lora_b", randn(2, 4))];
        Write(config, dora ? [.. pair, ($"{Query}.m", rand(4))] : pair);
        using var adapter = Read();
        Assert.Equal(dora, adapter.Targets["model." + Query].Settings?.Dora is not null);
        Assert.Equal(2 * scale, adapter.Targets["model." + Query].Parts.First(p => p.Part == "alpha").Value.ToDouble());
        Assert.Equal(!dora, adapter.PassedOver.Any(one => one.Name == "lora_parameters.alpha"));
    }

    [Theory]
    [InlineData("""{"fine_tune_type": "lora", "lora_parameters": {"rank": 2}}""", "lora_parameters.scale is not told")]
    [InlineData("""{"fine_tune_type": "lora", "lora_parameters": {"rank": 4, "scale": 20}}""", "has rank 2, and lora_parameters.rank is 4")]
    [InlineData("""{"fine_tune_type": "dora", "lora_parameters": {"rank": 2, "scale": 20}}""", "the tensors are those of lora")]
    [InlineData("""{"lora_layers": 2, "lora_parameters": {"rank": 2, "scale": 1e999}}""", "lora_parameters.scale is 1e999, and no finite number")]
    [InlineData("""{"fine_tune_type": "full"}""", "is a factor")]
    [InlineData("""{"fine_tune_type": "prefix"}""", "it is lora, dora or full")]
    public void WhatTheConfigurationDoesNotSayOrSaysOtherwiseIsAnError(string config, string word)
    {
        using var scope = NewDisposeScope();
        Assert.Contains(word, Fault(config, ($"{Query}.lora_a", randn(6, 2)), ($"{Query}.lora_b", randn(2, 4))));
    }

    [Fact]
    public void FactorsOfExpertsAndStrangePartsAreNamed()
    {
        using var scope = NewDisposeScope();
        string fault = Fault(OfRankTwo, ("model.layers.0.mlp.switch_mlp.up_proj.lora_a", randn(3, 2, 6)), ("model.layers.0.mlp.switch_mlp.up_proj.lora_b", randn(3, 4, 2)));
        Assert.Contains("model.layers.0.mlp.switch_mlp.up_proj.lora_a", fault);
        Assert.Contains("experts", fault);
        Assert.Contains("q_proj.bias", Fault(OfRankTwo, ($"{Query}.lora_a", randn(6, 2)), ($"{Query}.lora_b", randn(2, 4)), ($"{Query}.bias", randn(4))));
    }

    [Fact]
    public void FactorsAloneDoNotTellTheirScale()
    {
        using var scope = NewDisposeScope();
        Write(OfRankTwo, ($"{Query}.lora_a", randn(6, 2)), ($"{Query}.lora_b", randn(2, 4)));
        File.Delete(Path.Combine(path, "adapter_config.json"));
        string fault = Assert.Throws<LowrankException>(() => AdapterFile.Read(Path.Combine(path, "adapters.safetensors"), model)).Message;
        Assert.Contains("adapter_config.json", fault);
    }

    [Fact]
    public void FilesOfOtherStepsAreToldAndReadByName()
    {
        using var scope = NewDisposeScope();
        var early = randn(2, 4);
        Write("0000100_adapters.safetensors", OfRankTwo, ($"{Query}.lora_a", ones(6, 2)), ($"{Query}.lora_b", early));
        Assert.Contains("0000100_adapters.safetensors", Assert.Throws<LowrankException>(Read).Message);
        Write(OfRankTwo, ($"{Query}.lora_a", ones(6, 2)), ($"{Query}.lora_b", randn(2, 4)));
        using (var last = Read()) Assert.Contains(last.Notes, note => note.Contains("0000100_adapters.safetensors", StringComparison.Ordinal));
        using var first = AdapterFile.Read(Path.Combine(path, "0000100_adapters.safetensors"), model);
        Close.Equal(20 * ones(6, 2).mm(early).t(), Changed(first, Query, zeros(4, 6)));
    }

    [Fact]
    public void AnOlderContainerIsNamedWithWhatToDo()
    {
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "adapter_config.json"), OfRankTwo);
        File.WriteAllText(Path.Combine(path, "adapters.npz"), "");
        Assert.Contains("mx.save_safetensors", Assert.Throws<LowrankException>(Read).Message);
    }

    [Fact]
    public void WhatTheConfigurationTellsBesideGoesAlongAndStandsInItAgain()
    {
        using var scope = NewDisposeScope();
        string config = OfRankTwo.Replace("\"dropout\": 0.0", "\"dropout\": 0.1, \"keys\": [\"q_proj\", \"o_proj\"], \"new\": 1")
            .Replace("\"num_layers\"", "\"model\": \"org/base\", \"iters\": 600, \"num_layers\"");
        Write(config, ($"{Query}.lora_a", randn(6, 2)), ($"{Query}.lora_b", randn(2, 4)));
        using var adapter = Read();
        Assert.Equal("org/base", adapter.Metadata["base_model_name_or_path"]);
        Assert.Equal(["lora_parameters.keys o_proj", "lora_parameters.new"], adapter.PassedOver.Select(one => one.Name).Order(StringComparer.Ordinal));
        AdapterFile.Write(path, adapter, model, "mlx");
        Assert.Equal("org/base", (string?)Config["model"]);
        Assert.Equal(600, (int?)Config["iters"]);
        Assert.Equal(0.1, (double?)Config["lora_parameters"]!["dropout"]);
        Assert.Equal(Query, (string?)Config["lora_parameters"]!["keys"]![0]);
        using var peft = new TemporaryFolder();
        AdapterFile.Write(peft.File("a"), adapter, model, "peft");
        var fields = JsonNode.Parse(File.ReadAllText(Path.Combine(peft.File("a"), "adapter_config.json")))!;
        Assert.Equal(("org/base", 0.1, 40.0), ((string?)fields["base_model_name_or_path"], (double?)fields["lora_dropout"], (double?)fields["lora_alpha"]));
    }

    // One scale and one rank a folder: a scale of a layer's own goes into lora_b, and a smaller rank gets zeros.
    [Fact]
    public void RanksAndScalesOfLayersBecomeThoseOfTheFolder()
    {
        using var scope = NewDisposeScope();
        var (query, value) = (model.Components[0].Targets.First(t => t.Target.Out == 4).Target, model.Components[0].Targets.First(t => t.Target.Out == 5).Target);
        foreach (double alpha in new[] { 9.0, 0 })
        {
            using var adapter = new Adapter("two", [new Lora(query, randn(3, 6), randn(4, 3), alpha: 6), new Lora(value, randn(2, 6), randn(5, 2), alpha: alpha)]);
            AdapterFile.Write(path, adapter, model, "mlx");
            Assert.Equal((3, 2.0, "lora", -1), ((int?)Config["lora_parameters"]!["rank"], (double?)Config["lora_parameters"]!["scale"], (string?)Config["fine_tune_type"], (int?)Config["num_layers"]));
            using var read = Read();
            foreach (var (target, made) in adapter.Targets)
                Close.Equal(made.Apply(zeros(made.Target.Out, 6), 1), read.Targets[target].Apply(zeros(made.Target.Out, 6), 1));
        }
    }

    [Fact]
    public void WhatHasNoPlaceIsRefusedByName()
    {
        using var scope = NewDisposeScope();
        var at = model.Components[0].Targets.Select(t => t.Target).ToDictionary(t => t.Path);
        using var mixed = AdapterFactory.Create(model,
            [new(at["model." + Query], Lora.Descriptor, new LoraOptions(2) { Dora = DoraAxis.Output }), new(at["model." + Value], Lora.Descriptor, new LoraOptions(2))]);
        string fault = Assert.Throws<LowrankException>(() => AdapterFile.Write(path, mixed, model, "mlx")).Message;
        Assert.Contains($"model.{Value} (plain LoRA, where others have DoRA)", fault);
        Assert.Contains("1 of 2 layers can go", fault);
        using var loha = AdapterFactory.Create(model, [at["model." + Query]], Loha.Descriptor, new MethodOptions(2));
        Assert.Contains("loha, which is no LoRA", Assert.Throws<LowrankException>(() => AdapterFile.Write(path, loha, model, "mlx")).Message);
        Assert.False(Directory.Exists(path));
    }

    // A table that is the head too is changed at both ends there, and at one by PEFT.
    [Fact]
    public void ATiedTableIsNeitherReadNorWritten()
    {
        using var scope = NewDisposeScope();
        var tied = new ModelDescription(model.Family, [model.Components[0] with { TiedTo = new Dictionary<string, string> { ["lm_head"] = Table } }]);
        Write(OfRankTwo, ($"{Table}.lora_a", randn(11, 2)), ($"{Table}.lora_b", randn(2, 6)));
        Assert.Contains("head", Assert.Throws<LowrankException>(() => AdapterFile.Read(path, tied)).Message);
        using var adapter = Read();
        Assert.Contains("head", Assert.Throws<LowrankException>(() => AdapterFile.Write(folder.File("other"), adapter, tied, "mlx")).Message);
    }

    [Fact]
    public void InspectingTellsShapesRankAndAlpha()
    {
        using var scope = NewDisposeScope();
        Write(OfRankTwo, ($"{Query}.lora_a", randn(6, 2)), ($"{Query}.lora_b", randn(2, 4)));
        using var file = AdapterFile.Open(path);
        var layer = Assert.Single(AdapterInspection.Measure(file).Modules);
        Assert.Equal((4L, 6L, 2L, 40.0), (layer.Out, layer.In, layer.Rank, layer.Alpha));
        Assert.True(layer.Norm > 0);
    }
}
