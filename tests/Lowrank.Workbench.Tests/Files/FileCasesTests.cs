using System.Text.Json;

namespace Lowrank.Workbench.Tests;

/// <summary>Files that mean something else than a hasty reading says, or hold more than layers.</summary>
public sealed class FileCasesTests : IDisposable
{
    const string Attention = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q";

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static readonly BaseModelChoice emoji = new(EmojiModel.Folder);

    // Norms of what a merge changes, weights and biases apart, by the model's names.
    Dictionary<string, double> Merged(string adapter)
    {
        string output = folder["merged"];
        RunJobs.Merge(new(output) { Base = emoji, Adapters = [new(CaseFiles.Of(adapter))], Dtype = ScalarType.Float32 });
        using var scope = NewDisposeScope();
        using var before = ModelKinds.Outline(EmojiModel.Folder);
        using var after = ModelKinds.Outline(output);
        var norms = before.Names.ToDictionary(name => name, name => (after.Read(name)!.to(ScalarType.Float64) - before.Read(name)!.to(ScalarType.Float64)).norm().ToDouble());
        return norms.Where(norm => norm.Value > 0).ToDictionary();
    }

    static JsonElement ConfigOf(string path) => JsonDocument.Parse(File.ReadAllText(Path.Combine(path, "adapter_config.json"))).RootElement;

    [Fact]
    public void FactorsWithABiasChangeBesideAndNormsAreReadTogether()
    {
        const string Block = "unet.down_blocks.0.attentions.0";
        var expected = new Dictionary<string, double>
        {
            [$"{Block}.transformer_blocks.0.attn1.to_q.weight"] = 0.2876262664794922,
            [$"{Block}.transformer_blocks.0.attn1.to_out.0.weight"] = 0.29074379801750183,
            [$"{Block}.transformer_blocks.0.attn1.to_out.0.bias"] = 0.4430820047855377,
            ["unet.down_blocks.0.resnets.0.conv1.weight"] = 0.9489346742630005,
            ["unet.down_blocks.0.resnets.0.conv1.bias"] = 0.4345521330833435,
            [$"{Block}.proj_in.weight"] = 0.3205755352973938,
            [$"{Block}.proj_in.bias"] = 0.40528032183647156,
            ["unet.time_embedding.linear_1.weight"] = 0.6711964011192322,
            ["unet.time_embedding.linear_1.bias"] = 0.7936206459999084,
            [$"{Block}.transformer_blocks.0.norm1.weight"] = 0.4252634346485138,
            [$"{Block}.transformer_blocks.0.norm1.bias"] = 0.3723614811897278,
            ["unet.conv_norm_out.weight"] = 0.39841169118881226,
            ["unet.conv_norm_out.bias"] = 0.3773592412471771,
        };
        CaseFiles.AssertClose(expected, Merged("comfyui_extract_and_save_lora_default_settings.safetensors"), 1e-3);
    }

    [Fact]
    public void ABiasChangeGoesAlongThroughDialectsAndRanks()
    {
        string input = CaseFiles.Of("comfyui_extract_and_save_lora_default_settings.safetensors"), kohya = folder["kohya.safetensors"];
        RunJobs.Convert(new(input, kohya) { Dialect = "kohya", Base = emoji });
        Assert.True(RunJobs.Verify(new(input, kohya) { Base = emoji }).Equal);
        string small = folder["small.safetensors"];
        Assert.Equal(7, RunJobs.Resize(new(input, new(small, null), new() { Rank = 2 }) { Base = emoji }).Layers.Count);
        using var file = AdapterFile.Open(small);
        Assert.Equal(6, file.Tensors.Count(t => t.Name.EndsWith(".diff_b", StringComparison.Ordinal)));
    }

    [Fact]
    public void AlphaZeroSwitchesALayerOffAndStaysZero()
    {
        const string File = "block_switched_off_by_alpha_0.safetensors";
        var changed = Merged(File);
        Assert.Equal([0.21251839418079194, 0.29897001744189533], changed.Values.Order().Select(norm => norm), (a, b) => Math.Abs(a - b) < 1e-3 * b);
        Assert.DoesNotContain(changed.Keys, key => key.StartsWith(Attention, StringComparison.Ordinal));
        string output = folder["converted.safetensors"];
        RunJobs.Convert(new(CaseFiles.Of(File), output) { Dialect = "kohya", Base = emoji });
        using var written = AdapterFile.Open(output);
        Assert.Equal(0, written.ReadScalar("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q.alpha"));
        Assert.Contains(AdapterHealth.Of(written, AdapterInspection.Measure(written)), line => line.Contains("alpha 0", StringComparison.Ordinal));
    }

    [Fact]
    public void AnUnconvertedPissaIsItsTrainingLessItsStart()
    {
        var (key, norm) = Assert.Single(Merged("peft_pissa_unconverted"));
        Assert.Equal(Attention + ".weight", key);
        Assert.Equal(0.41215358176892525, norm, 4e-4);
        string output = folder["folder"];
        RunJobs.Convert(new(CaseFiles.Of("peft_pissa_unconverted"), output) { Base = emoji });
        Assert.Equal(0.41215358176892525, Assert.Single(CaseFiles.Measured(output)).Value, 4e-4);
        Assert.DoesNotContain("pissa", ConfigOf(Path.Combine(output, "unet")).GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pissa", "base")]
    [InlineData("pissa_niter_4", "randomised")]
    [InlineData("corda", "inputs")]
    [InlineData("loftq", "rounded")]
    [InlineData("lora_ga", "gradients")]
    public void WhatABeginningNeedsIsAskedForWhereItIsNotAtHand(string way, string need)
    {
        string made = Copied("peft_causal_lm_bin", config => config["init_lora_weights"] = way);
        var error = Assert.Throws<LowrankException>(() => RunJobs.Convert(new(made, folder["out"])));
        Assert.Contains(way, error.Message, StringComparison.Ordinal);
        Assert.Contains(need, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    string Copied(string name, Action<Dictionary<string, object?>> change)
    {
        string to = folder["changed"];
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(CaseFiles.Of(name))) File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        var config = ConfigOf(to).EnumerateObject().ToDictionary(field => field.Name, field => (object?)field.Value);
        change(config);
        File.WriteAllText(Path.Combine(to, "adapter_config.json"), JsonSerializer.Serialize(config));
        return to;
    }

    [Fact]
    public void WhatAConfigurationTellsOfBaseAndTaskGoesAlong()
    {
        string input = CaseFiles.Of("peft_causal_lm_bin");
        RunJobs.Convert(new(input, folder["converted"]) { Dtype = ScalarType.Float16 });
        RunJobs.Resize(new(input, new(folder["resized"], null), new() { Rank = 2 }));
        RunJobs.Merge(new(folder["merged"]) { Adapters = [new(input, 0.5), new(input, -1.5)] });
        foreach (string output in new[] { "converted", "resized", "merged" })
        {
            var config = ConfigOf(folder[output]);
            Assert.Equal("org/tiny", config.GetProperty("base_model_name_or_path").GetString());
            Assert.Equal("CAUSAL_LM", config.GetProperty("task_type").GetString());
        }
        var error = Assert.Throws<LowrankException>(() => RunJobs.Resize(new(input, new(folder["file.safetensors"], null), new() { Rank = 2 })));
        Assert.Contains("folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFieldThatIsNotUnderstoodIsNamed()
    {
        string made = Copied("peft_causal_lm_bin", config => config["lora_twist"] = 3);
        var passed = Assert.Single(RunJobs.Convert(new(made, folder["out"])).PassedOver);
        Assert.Equal(("config field", "lora_twist"), (passed.Kind, passed.Name));
    }

    [Fact]
    public void ARankThatIsNotTheFactorsIsRefused()
    {
        string made = Copied("peft_causal_lm_bin", config => config["r"] = 16);
        var error = Assert.Throws<LowrankException>(() => RunJobs.Convert(new(made, folder["out"])));
        Assert.Contains("rank 16", error.Message, StringComparison.Ordinal);
        Assert.Contains("rank 4", error.Message, StringComparison.Ordinal);
    }

    static readonly Dictionary<string, double> language = new()
    {
        ["lm_head"] = 0.4113502292019179,
        ["model.layers.0.self_attn.q_proj"] = 0.5122621831043508, ["model.layers.0.self_attn.v_proj"] = 0.49633918876312877,
        ["model.layers.1.self_attn.q_proj"] = 0.4727997893985876, ["model.layers.1.self_attn.v_proj"] = 0.5536217466763936,
        ["model.layers.10.self_attn.q_proj"] = 0.4777533335036017, ["model.layers.10.self_attn.v_proj"] = 0.4867621677258559,
    };

    [Fact]
    public void AFrozenWeightBesideAHeadIsPassedOverAndSaid()
    {
        string input = CaseFiles.Of("peft_lm_head_targeted_with_base_layer");
        CaseFiles.AssertClose(language, CaseFiles.Measured(input), 1e-5);
        var converted = RunJobs.Convert(new(input, folder["converted"]) { Dtype = ScalarType.Float16 });
        Assert.Equal("base_model.model.lm_head.base_layer.weight", Assert.Single(converted.PassedOver).Name);
        CaseFiles.AssertClose(language, CaseFiles.Measured(folder["converted"]), 1e-3);
        Assert.Single(RunJobs.Resize(new(input, new(folder["resized"], null), new() { Rank = 2 })).PassedOver);
        RunJobs.Merge(new(folder["merged"]) { Adapters = [new(input, 0.5), new(input, -1.5)] });
        CaseFiles.AssertClose(language, CaseFiles.Measured(folder["merged"]), 1e-5);
    }

    [Fact]
    public void ALayerThatLostAllItsRanksChangesNothing()
    {
        string input = CaseFiles.Of("peft_adalora_with_a_layer_of_rank_0");
        var expected = new Dictionary<string, double> { ["model.layers.0.self_attn.q_proj"] = 0.14894325419927418, ["model.layers.0.self_attn.v_proj"] = 0 };
        CaseFiles.AssertClose(expected, CaseFiles.Measured(input), 1e-5);
        RunJobs.Convert(new(input, folder["converted"]) { Dtype = ScalarType.Float16 });
        CaseFiles.AssertClose(expected, CaseFiles.Measured(folder["converted"]), 1e-3);
        Assert.Equal(JsonValueKind.Object, ConfigOf(folder["converted"]).GetProperty("rank_pattern").ValueKind);
        RunJobs.Resize(new(input, new(folder["resized"], null), new() { Rank = 2 }));
        RunJobs.Merge(new(folder["merged"]) { Adapters = [new(input, 2), new(input, -1)] });
        CaseFiles.AssertClose(expected, CaseFiles.Measured(folder["merged"]), 1e-5);
    }

    [Fact]
    public void AnAdaptersNameInsideOfAKeyIsNoMethod()
    {
        const string File = "comfyui_names_with_lora_A_default.safetensors";
        using var file = AdapterFile.Open(CaseFiles.Of(File));
        var module = Assert.Single(AdapterInspection.Measure(file).Modules);
        Assert.Equal(("lora", 4L), (module.Method, module.Rank));
        Assert.Equal(0.326294481754303, Assert.Single(Merged(File)).Value, 4e-4);
    }

    [Fact]
    public void AServersAnswerIsCalledOne()
    {
        var error = Assert.Throws<LowrankException>(() => AdapterFile.Open(CaseFiles.Of("download_error_answer.safetensors")));
        Assert.Contains("answer in JSON", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lora_unet_x.oft_R.weight", new long[] { 4, 10 })]
    [InlineData("lora_unet_x.foo.weight", new long[] { 4, 10 })]
    [InlineData("lora_unet_unet_x_lora_down.weight", new long[] { 4, 10 })]
    public void NoMatrixIsTakenForScalesOfChannels(string key, long[] shape)
    {
        string path = folder["made.safetensors"];
        using (var scope = NewDisposeScope()) Safetensors.Save(path, [KeyValuePair.Create(key, ones(shape))], null);
        using var file = AdapterFile.Open(path);
        Assert.DoesNotContain(AdapterInspection.Inspect(file).Modules, module => module.Method is "ia3" or "whole");
    }

    [Fact]
    public void OneSickLayerHidesNoOther()
    {
        string path = folder["made.safetensors"];
        using (var scope = NewDisposeScope())
            Safetensors.Save(path,
            [
                KeyValuePair.Create("lora_unet_a.lora_down.weight", ones(4, 10)), KeyValuePair.Create("lora_unet_a.lora_up.weight", ones(8, 3)),
                KeyValuePair.Create("lora_unet_b.lora_down.weight", ones(4, 10)), KeyValuePair.Create("lora_unet_b.lora_up.weight", ones(8, 4)),
                KeyValuePair.Create("lora_unet_c.lora_down.weight", ones(4, 10)),
            ], null);
        using var file = AdapterFile.Open(path);
        var report = AdapterInspection.Measure(file);
        Assert.Equal(2, report.Modules.Count);
        Assert.NotNull(report.Modules.Single(module => module.Name == "lora_unet_b").Norm);
        Assert.Equal(2, report.Faults.Count);
    }

    [Fact]
    public void ValuesThatADtypeCannotHoldAreCounted()
    {
        string path = folder["tiny.safetensors"];
        using (var scope = NewDisposeScope())
            Safetensors.Save(path,
            [
                KeyValuePair.Create("lora_unet_double_blocks_0_a.lora_down.weight", (ones(4, 10) * 1e-9).to(ScalarType.BFloat16)),
                KeyValuePair.Create("lora_unet_double_blocks_0_a.lora_up.weight", ones(8, 4).to(ScalarType.BFloat16)),
            ], null);
        var report = RunJobs.Convert(new(path, folder["half.safetensors"]) { Dtype = ScalarType.Float16 });
        Assert.Contains(report.Notes, note => note.Contains("too small for Float16", StringComparison.Ordinal));
    }
}
