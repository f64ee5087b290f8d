using System.Text.Json;

namespace Lowrank.Adapters.Tests;

/// <summary>A PEFT folder is held to PEFT's rules: its configuration gives the keys and shapes of its tensors, and has no field that the method's lacks.</summary>
public class PeftWriterTests
{
    // A unet and a text encoder of layers whose sizes have many splits.
    static ModelDescription Model(params (string Path, nn.Module Layer)[] more) => new(StableDiffusionFamilies.Of("sd1"),
    [
        StableDiffusionComponents.Of("sd1", "unet", new LayerTree(
        [
            ("mid_block.attentions.0.proj_in", new Conv2d(16, 16, 1)), ("mid_block.resnets.0.conv1", new Conv2d(16, 32, 3, padding: 1)),
            ("down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q", new Linear(32, 32)), ("down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k", new Linear(24, 32)),
            ("down_blocks.0.attentions.0.transformer_blocks.0.ff.net.2", new Linear(128, 32)), .. more,
        ])),
        StableDiffusionComponents.Of("sd1", "text_encoder", new LayerTree(
            [("text_model.encoder.layers.0.self_attn.q_proj", new Linear(24, 24)), ("text_model.encoder.layers.0.mlp.fc1", new Linear(24, 96))])),
    ])
    {
        Families = StableDiffusionFamilies.All,
    };

    static Adapter Trained(ModelDescription model, MethodDescriptor method, MethodOptions options)
    {
        var adapter = AdapterFactory.Create(model, [.. model.Components.SelectMany(c => c.Targets.Select(t => t.Target))], method, options, new Generator(TestSeeds.Of(4)));
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var part in adapter.Trainable) part.copy_(randn(part.shape, generator: new Generator(TestSeeds.Of(5))));
        return adapter;
    }

    public static IEnumerable<TheoryDataRow<string>> Ways => ways.Keys.Select(way => new TheoryDataRow<string>(way));

    static readonly Dictionary<string, (MethodDescriptor Method, MethodOptions Options)> ways = new()
    {
        ["lora"] = (Lora.Descriptor, new LoraOptions(3, 2)),
        ["rslora"] = (Lora.Descriptor, new LoraOptions(new MethodOptions(4, 8) { RankStabilized = true })),
        ["dora"] = (Lora.Descriptor, new LoraOptions(new MethodOptions(4, 8) { Dora = DoraAxis.Output })),
        ["loha"] = (Loha.Descriptor, new LohaOptions(3, 2)),
        ["loha with cores"] = (Loha.Descriptor, new LohaOptions(3, 2) { Tucker = true }),
        ["lokr"] = (Lokr.Descriptor, new LokrOptions(1, 2)),
        ["lokr by 4, some factors whole"] = (Lokr.Descriptor, new LokrOptions(4, 2) { Factor = 4 }),
        ["lokr by 4, both decomposed"] = (Lokr.Descriptor, new LokrOptions(1, 2) { Factor = 4, DecomposeBoth = true }),
        ["lokr whole"] = (Lokr.Descriptor, new LokrOptions(3, 2) { FullMatrix = true }),
        ["lokr with cores"] = (Lokr.Descriptor, new LokrOptions(1, 2) { Tucker = true }),
        ["oft"] = (Oft.Descriptor, new OftOptions(new MethodOptions(4)) { BlockSize = 8 }),
    };

    [Theory, MemberData(nameof(Ways))]
    public void TheConfigurationGivesTheKeysAndShapesOfTheTensors(string way)
    {
        using var folder = new TemporaryFolder();
        var model = Model();
        using var adapter = Trained(model, ways[way].Method, ways[way].Options);
        AdapterFile.Write(folder.File("adapter"), adapter, model, "peft");
        foreach (var component in model.Components)
        {
            using var written = PeftFolder.Open(folder.File(Path.Combine("adapter", component.Name)));
            var layers = component.Targets.Select(t => (component.PathOf(t.Target).Replace("text_model.", "", StringComparison.Ordinal), t.Target));
            var wanted = PeftModel.Tensors(written.Config.Json, layers);
            Assert.NotEmpty(wanted);
            Assert.Equal(Told(wanted), Told(written.Tensors.ToDictionary(t => t.Name, t => t.Shape)));
        }
    }

    static IEnumerable<string> Told(Dictionary<string, long[]> shapes) =>
        shapes.Select(t => $"{t.Key} ({string.Join(", ", t.Value)})").Order(StringComparer.Ordinal);

    // Fields that all methods have, and those of each that is written here.
    static readonly string[] common = ["task_type", "peft_type", "auto_mapping", "peft_version", "base_model_name_or_path", "revision", "inference_mode", "target_modules", "modules_to_save"];

    static readonly string[] lycoris = ["r", "alpha", "rank_dropout", "module_dropout", "exclude_modules", "init_weights", "layers_to_transform", "layers_pattern", "rank_pattern", "alpha_pattern"];

    static readonly Dictionary<string, string[]> fields = new()
    {
        ["LORA"] =
        [
            "r", "exclude_modules", "lora_alpha", "lora_dropout", "fan_in_fan_out", "bias", "use_rslora", "init_lora_weights", "layers_to_transform", "layers_pattern", "rank_pattern",
            "alpha_pattern", "trainable_token_indices", "use_dora", "lora_bias",
        ],
        ["LOHA"] = [.. lycoris, "use_effective_conv2d"],
        ["LOKR"] = [.. lycoris, "use_effective_conv2d", "decompose_both", "decompose_factor", "rank_dropout_scale"],
        ["OFT"] =
        [
            "r", "oft_block_size", "module_dropout", "fan_in_fan_out", "bias", "exclude_modules", "init_weights", "layers_to_transform", "layers_pattern", "coft", "eps", "block_share",
            "use_cayley_neumann", "num_cayley_neumann_terms",
        ],
    };

    [Theory, MemberData(nameof(Ways))]
    public void TheConfigurationHasNoFieldThatTheMethodLacks(string way)
    {
        using var folder = new TemporaryFolder();
        var model = Model();
        using var adapter = Trained(model, ways[way].Method, ways[way].Options);
        AdapterFile.Write(folder.File("adapter"), adapter, model, "peft");
        using var written = PeftFolder.Open(folder.File(Path.Combine("adapter", "unet")));
        var known = common.Concat(fields[written.Config.Type]).ToHashSet();
        Assert.All(written.Config.Json.EnumerateObject(), field => Assert.Contains(field.Name, known));
        Assert.Equal("0.21.2", written.Config.Json.GetProperty("peft_version").GetString());
    }

    [Fact]
    public void LayersThatPeftCannotSplitAreNamedAndTheOthersCanBeWritten()
    {
        // 4 by 4 is (4, 1) to PEFT and (1, 4) to LyCORIS.
        using var folder = new TemporaryFolder();
        var model = Model(("conv_in", new Conv2d(4, 16, 3, padding: 1)));
        var parts = new Dictionary<string, Tensor> { ["w1"] = ones(4, 1), ["w2"] = ones(4, 4, 3, 3) };
        using var rest = Trained(Model(), Lokr.Descriptor, new LokrOptions(4, 2) { Factor = 4 });
        using var all = new Adapter("all", [.. rest.Targets.Values, new Lokr(model.Components[0].Targets.First(t => t.Target.Path == "unet.conv_in").Target, parts)]);
        var error = Assert.Throws<LowrankException>(() => AdapterFile.Write(folder.File("adapter"), all, model, "peft"));
        Assert.Contains("conv_in (w1 4 x 1, w2 4 x 4)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("to_q", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("adapter")));
        AdapterFile.Write(folder.File("adapter"), rest, model, "peft");
        using var read = AdapterFile.Read(folder.File("adapter"), model);
        Assert.Equal(rest.Targets.Count, read.Targets.Count);
    }

    [Fact]
    public void AFolderThatIsReplacedKeepsNoComponentOfTheOldAdapter()
    {
        using var folder = new TemporaryFolder();
        var model = Model();
        using (var both = Trained(model, Lora.Descriptor, new LoraOptions(2))) AdapterFile.Write(folder.File("adapter"), both, model, "peft");
        using var unet = AdapterFactory.Create(model, [.. model.Components[0].Targets.Select(t => t.Target)], Lora.Descriptor, new LoraOptions(2));
        AdapterFile.Write(folder.File("adapter"), unet, model, "peft");
        using var read = AdapterFile.Read(folder.File("adapter"), model);
        Assert.All(read.Targets.Keys, path => Assert.StartsWith("unet.", path, StringComparison.Ordinal));
    }

    [Fact]
    public void FieldsThatDifferByComponentStayWithTheirs()
    {
        using var folder = new TemporaryFolder();
        var model = Model();
        using (var both = Trained(model, Lora.Descriptor, new LoraOptions(2))) AdapterFile.Write(folder.File("adapter"), both, model, "peft");
        foreach (var (component, dropout) in new[] { ("text_encoder", "0.3"), ("unet", "0.1") })
        {
            string settings = folder.File(Path.Combine("adapter", component, PeftFolder.Settings));
            File.WriteAllText(settings, File.ReadAllText(settings).Replace("\"lora_dropout\": 0", $"\"lora_dropout\": {dropout}", StringComparison.Ordinal));
        }
        using var read = AdapterFile.Read(folder.File("adapter"), model);
        AdapterFile.Write(folder.File("again"), read, model, "peft");
        foreach (var (component, dropout) in new[] { ("text_encoder", 0.3), ("unet", 0.1) })
        {
            using var written = PeftFolder.Open(folder.File(Path.Combine("again", component)));
            Assert.Equal(dropout, written.Config.Json.GetProperty("lora_dropout").GetDouble());
        }
        Assert.Equal(2, read.Notes.Count(note => note.Contains("not in force", StringComparison.Ordinal)));
    }

    [Fact]
    public void WithTheLevelOfOldTransformersTextEncodersStandBelowTextModel()
    {
        using var folder = new TemporaryFolder();
        var model = Model();
        using var adapter = Trained(model, Lora.Descriptor, new LoraOptions(2));
        AdapterConversion.Write(folder.File("adapter"), adapter, model, Dialects.Named("peft").WithOptionalLevels!);
        using var written = PeftFolder.Open(folder.File(Path.Combine("adapter", "text_encoder")));
        Assert.All(written.Tensors, t => Assert.StartsWith("base_model.model.text_model.", t.Name, StringComparison.Ordinal));
        Assert.All(written.Config.Json.GetProperty("target_modules").EnumerateArray(), name => Assert.StartsWith("text_model.", name.GetString(), StringComparison.Ordinal));
        using var read = AdapterFile.Read(folder.File("adapter"), model);
        Assert.Equal(adapter.Targets.Count, read.Targets.Count);
    }

    [Fact]
    public void WholeWeightsAloneStandInAFolderOfNoTargetedLayer()
    {
        using var folder = new TemporaryFolder();
        using var module = new SequenceModel(new Linear(6, 8), new LayerNorm(8));
        // A fresh layer of ours holds whatever lay in its memory.
        foreach (var weight in module.parameters()) nn.init.uniform_(weight);
        var model = ModelDescription.Of(module);
        using var adapter = AdapterFactory.Create(model, [model.Components[0].Targets[0].Target], Replacement.Descriptor, new MethodOptions(1));
        AdapterFile.Write(folder.File("adapter"), adapter, model, "peft", metadata: new Dictionary<string, string> { ["base_model_name_or_path"] = "mine", ["task_type"] = "SEQ_CLS" });
        using (var written = PeftFolder.Open(folder.File("adapter")))
        {
            Assert.Equal("dummy-target-modules", written.Config.Json.GetProperty("target_modules").GetString());
            Assert.Equal("""["0"]""", written.Config.Json.GetProperty("modules_to_save").GetRawText().Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
            Assert.Equal("mine", written.Config.Json.GetProperty("base_model_name_or_path").GetString());
            Assert.Equal("SEQ_CLS", written.Config.Json.GetProperty("task_type").GetString());
        }
        using var read = AdapterFile.Read(folder.File("adapter"), model);
        Close.Same(adapter.Targets["model.0"].Parts[0].Value, read.Targets["model.0"].Parts[0].Value);
    }

    [Fact]
    public void AScaledBiasIsWrittenAsPeftAndRefusedWhereItWouldBeLost()
    {
        using var folder = new TemporaryFolder();
        using var module = new SequenceModel(new Linear(6, 8));
        var model = ModelDescription.Of(module);
        var target = model.Components[0].Targets[0].Target;
        using var plain = AdapterFactory.Create(model, [target], Ia3.Descriptor, new Ia3Options(new MethodOptions(1)));
        Assert.Contains("scale_bias=true", Assert.Throws<LowrankException>(() => AdapterFile.Write(folder.File("plain"), plain, model, "peft")).Message, StringComparison.Ordinal);
        using var scaled = AdapterFactory.Create(model, [target], Ia3.Descriptor, new Ia3Options(new MethodOptions(1)) { ScaleBias = true });
        AdapterFile.Write(folder.File("scaled"), scaled, model, "peft");
        using var read = AdapterFile.Read(folder.File("scaled"), model);
        Assert.True(((Ia3)read.Targets[target.Path]).ScalesBias);
        Assert.Contains("bias is scaled too", Assert.Throws<LowrankException>(() => AdapterFile.Write(folder.File("a.safetensors"), read, model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADiffusersHeaderHoldsWhatBothVersionsAskFor()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var model = Model();
        using var adapter = Trained(model, Lora.Descriptor, new LoraOptions(new MethodOptions(4, 2) { Dora = DoraAxis.Output }));
        AdapterFile.Write(folder.File("a.safetensors"), adapter, model, "diffusers");
        using var file = Safetensors.Open(folder.File("a.safetensors"));
        var header = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(file.Metadata["lora_adapter_metadata"])!;
        foreach (string component in new[] { "unet", "text_encoder" })
        {
            Assert.Equal("{}", header[$"{component}.rank_pattern"].GetRawText());
            Assert.Equal("{}", header[$"{component}.alpha_pattern"].GetRawText());
            Assert.Equal((4, 4), (header[$"{component}.r"].GetInt32(), header[$"{component}.lora_alpha"].GetInt32()));
            var known = common.Concat(fields["LORA"]).ToHashSet();
            Assert.All(header.Keys.Where(key => key.StartsWith(component + ".", StringComparison.Ordinal)), key => Assert.Contains(key[(component.Length + 1)..], known));
        }
        Assert.DoesNotContain("text_model", file.Metadata["lora_adapter_metadata"], StringComparison.Ordinal);
        const string Text = "text_encoder.text_model.encoder.layers.0.mlp.fc1", Image = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q";
        Assert.Contains($"{Text}.lora_magnitude_vector.weight", file.Tensors.Select(t => t.Name));
        Assert.Contains($"{Image}.lora_magnitude_vector", file.Tensors.Select(t => t.Name));
        var up = adapter.Targets[Image].Parts.First(p => p.Part == "up").Value;
        Close.Same(up.detach() * 0.5, file.Read($"{Image}.lora_B.weight"), "alpha/rank in the up factor");
    }

    [Fact]
    public void LycorissWrapperHoldsOneComponent()
    {
        using var folder = new TemporaryFolder();
        var model = Model();
        using var both = Trained(model, Lora.Descriptor, new LoraOptions(2));
        Assert.Contains("kohya", Assert.Throws<LowrankException>(() => AdapterFile.Write(folder.File("a.safetensors"), both, model, "lycoris")).Message, StringComparison.Ordinal);
        using var unet = AdapterFactory.Create(model, [.. model.Components[0].Targets.Select(t => t.Target)], Lora.Descriptor, new LoraOptions(2));
        AdapterFile.Write(folder.File("a.safetensors"), unet, model, "lycoris");
        using var file = Safetensors.Open(folder.File("a.safetensors"));
        Assert.Contains("lycoris_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q.lora_down.weight", file.Tensors.Select(t => t.Name));
    }
}
