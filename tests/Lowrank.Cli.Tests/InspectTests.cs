using System.Text.Json;

namespace Lowrank.Cli.Tests;

public class InspectTests
{
    [Fact]
    public void KeysAreListedWithDtypeAndShape()
    {
        using var folder = new TemporaryFolder();
        Tiny.Safetensors(folder["tiny.safetensors"], ("first.weight", [2, 3]), ("second", []));
        var result = Cli.RunIn(folder.Path, "inspect", "tiny.safetensors", "--keys").Ended(0);
        Assert.Contains("safetensors", result.Out);
        Assert.Contains("2, 7 parameters, 28 bytes", result.Out);
        Assert.Matches(@"first\.weight +F32 +\(2, 3\)", result.Out);
        Assert.Empty(result.Error);
    }

    // Names and keys come from elsewhere: what a terminal would obey is never written to it.
    [Fact]
    public void NoTableListOrErrorHoldsEscapesOfFiles()
    {
        if (OperatingSystem.IsWindows()) return;   // whose file names hold none
        using var folder = new TemporaryFolder();
        string wild = "\u001b[2Jwild.safetensors", broken = "\u001b[31mbroken.safetensors";
        Tiny.Safetensors(folder[wild], ("\u001b]0;title\u0007first.weight", [2, 3]), ("\u202esecond", []));
        File.WriteAllText(folder[broken], "no such file");
        foreach (string[] arguments in (string[][])[[wild, "--keys"], [wild, wild], [broken], [wild, broken]])
        {
            var result = Cli.RunIn(folder.Path, ["inspect", .. arguments]);
            string said = result.Out + result.Error;
            Assert.Contains(arguments[^1] == broken ? "\ufffd[31mbroken" : "\ufffd[2Jwild", said);
            Assert.DoesNotContain('\u001b', said);
            Assert.DoesNotContain('\u0007', said);
            Assert.DoesNotContain('\u202e', said);
        }
    }

    [Fact]
    public void TheTensorsOfSeveralFilesAreNotListed()
    {
        using var folder = new TemporaryFolder();
        Tiny.Safetensors(folder["a.safetensors"], ("weight", [2, 3]));
        string said = Cli.RunIn(folder.Path, "inspect", "a.safetensors", "a.safetensors", "--keys").Ended(2).Error;
        Assert.Contains("--keys lists the tensors of one file", said);
    }

    [Fact]
    public void JsonHoldsTheSame()
    {
        using var folder = new TemporaryFolder();
        Tiny.Safetensors(folder["tiny.safetensors"], ("first.weight", [2, 3]), ("second", []));
        var json = JsonDocument.Parse(Cli.RunIn(folder.Path, "inspect", "tiny.safetensors", "--keys", "--json").Ended(0).Out).RootElement;
        Assert.Equal(7, json.GetProperty("file").GetProperty("parameters").GetInt64());
        Assert.Equal("value", json.GetProperty("file").GetProperty("metadata").GetProperty("name").GetString());
        Assert.Equal(3, json.GetProperty("file").GetProperty("keys")[0].GetProperty("shape")[1].GetInt64());
    }

    [Fact]
    public void AnAdapterTellsDialectMethodRanksAlphasAndTargetsWithoutLibtorch()
    {
        using var folder = new TemporaryFolder();
        Tiny.Lora(folder["lora.safetensors"]);
        var result = Cli.RunIn(folder.Path, "inspect", "lora.safetensors").Ended(0);
        Assert.Matches("dialect +kohya", result.Out);
        Assert.Matches("made for +SD 1.x", result.Out);
        Assert.Matches(@"method +lora \(3 layers\)", result.Out);
        Assert.Matches(@"rank +4 \(3 layers\)", result.Out);
        Assert.Matches(@"alpha +1 \(3 layers\)", result.Out);
        Assert.Matches(@"targets +unet \(2 layers\), te \(1 layers\)", result.Out);
        Assert.Matches("name +value", result.Out);
    }

    [Fact]
    public void WordsAreToldAndTheModelThatTheirWidthPointsTo()
    {
        using var folder = new TemporaryFolder();
        Tiny.Safetensors(folder["cat.safetensors"], ("emb_params", [2, 1024]));
        var result = Cli.RunIn(folder.Path, "inspect", "cat.safetensors").Ended(0);
        Assert.Matches("dialect +textual-inversion", result.Out);
        Assert.Matches("made for +SD 2.x", result.Out);
        Assert.Matches("words +cat", result.Out);
    }

    [Fact]
    public void NormsAreThoseOfTheChangeAtStrength1()
    {
        using var folder = new TemporaryFolder();
        Tiny.Lora(folder["lora.safetensors"]);
        var json = JsonDocument.Parse(Cli.RunIn(folder.Path, "inspect", "lora.safetensors", "--norms", "--json").Ended(0).Out).RootElement;
        var layer = json.GetProperty("adapter").GetProperty("layers")[0];
        // All ones: every element of up·down is the rank, times alpha/rank = 1/4; the norm is the root of the number of elements.
        Assert.Equal(Math.Sqrt(320 * 768), layer.GetProperty("norm").GetDouble(), 1e-3 * 500);
        Assert.Equal("sd1", json.GetProperty("adapter").GetProperty("made_for").GetString());
    }

    [Fact]
    public void ABaseModelTellsFamilyPartsAndSizes()
    {
        var model = Path.Combine(GoldenFolder.Repository, "models", "emoji-sd");
        var result = Cli.Run("inspect", model).Ended(0);
        Assert.Contains("Stable Diffusion 1", result.Out);
        Assert.Matches(@"unet +UNet2DConditionModel +[\d.]+ M", result.Out);
        var json = JsonDocument.Parse(Cli.Run("inspect", model, "--json").Ended(0).Out).RootElement;
        Assert.Equal("sd1", json.GetProperty("model").GetProperty("family").GetString());
    }

    [Fact]
    public void AFolderThatIsNoModelIsAnErrorThatSaysWhatIsLookedFor()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("model_index.json", Cli.Run("inspect", folder.Path).Ended(1).Error);
    }

    [Fact]
    public void AFileThatIsNotThereOrNotTensorsIsAnError()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["page.safetensors"], "<html>not found</html>");
        Assert.Contains("none.safetensors", Cli.RunIn(folder.Path, "inspect", "none.safetensors").Ended(1).Error);
        Assert.Contains("web page", Cli.RunIn(folder.Path, "inspect", "page.safetensors").Ended(1).Error);
    }

    [Fact]
    public void SeveralFilesStandSideBySideAndABrokenOneDoesNotHideTheOthers()
    {
        using var folder = new TemporaryFolder();
        Tiny.Lora(folder["one.safetensors"]);
        Tiny.Lora(folder["xl.safetensors"], textWidth: 2048);
        File.WriteAllBytes(folder["empty.safetensors"], []);
        var result = Cli.RunIn(folder.Path, "inspect", "one.safetensors", "empty.safetensors", "xl.safetensors", MadeFiles.Emoji).Ended(1);
        Assert.Matches("one.safetensors +adapter +kohya +SD 1.x +lora +4 +1 +3", result.Out);
        Assert.Matches("xl.safetensors +adapter +kohya +SDXL", result.Out);
        Assert.Matches("emoji-sd +base model +Stable Diffusion 1", result.Out);
        Assert.Matches("empty.safetensors +error", result.Out);
        Assert.Contains("empty.safetensors is empty", result.Error);
        var json = JsonDocument.Parse(Cli.RunIn(folder.Path, "inspect", "one.safetensors", "xl.safetensors", "--norms", "--hashes", "--json").Ended(0).Out).RootElement;
        Assert.Equal(2, json.GetArrayLength());
        Assert.Equal(10, json[1].GetProperty("file").GetProperty("hashes").GetProperty("auto_v2").GetString()!.Length);
        Assert.True(json[1].GetProperty("adapter").GetProperty("norm").GetDouble() > 0);
    }

    [Fact]
    public void TheAdaptersOfAFolderStandSideBySide()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["loras"]);
        Tiny.Lora(folder["loras/one.safetensors"]);
        Tiny.Lora(folder["loras/xl.safetensors"], textWidth: 2048);
        var result = Cli.RunIn(folder.Path, "inspect", "loras").Ended(0);
        Assert.Matches("one.safetensors +adapter +kohya +SD 1.x +lora +4 +1 +3 +9 ", result.Out);
        Assert.Matches("xl.safetensors +adapter +kohya +SDXL", result.Out);
        Assert.Contains("--keys lists the tensors of one file", Cli.RunIn(folder.Path, "inspect", "loras", "--keys").Ended(2).Error);
    }

    [Fact]
    public void OneAdapterTellsNormsByBlockHashesAndHealth()
    {
        using var folder = new TemporaryFolder();
        Tiny.Lora(folder["a.safetensors"]);
        var result = Cli.RunIn(folder.Path, "inspect", "a.safetensors").Ended(0);
        Assert.Matches(@"down 0 +\d+\.\d+ +█", result.Out);
        Assert.Matches("AutoV2 +[0-9A-F]{10} ", result.Out);
        Assert.Matches("AutoV3 +[0-9A-F]{12}", result.Out);
        Assert.Matches("sshs +model [0-9a-f]{64}, legacy [0-9a-f]{8}", result.Out);
        Assert.Matches("health +good", result.Out);
        Assert.DoesNotContain("norm of the change", result.Out);
        Assert.Contains("norm of the change", Cli.RunIn(folder.Path, "inspect", "a.safetensors", "--norms").Ended(0).Out);
    }

    [Fact]
    public void WhatIsOddAboutAnAdapterIsTold()
    {
        using var folder = new TemporaryFolder();
        using (TorchSharp.torch.NewDisposeScope())
        {
            var up = TorchSharp.torch.ones(320, 4);
            up[3, 2] = float.NaN;
            const string Name = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_";
            Lowrank.Formats.Safetensors.Save(folder["odd.safetensors"], new Dictionary<string, TorchSharp.torch.Tensor>
            {
                [Name + "k.lora_down.weight"] = TorchSharp.torch.ones(4, 768), [Name + "k.lora_up.weight"] = up, [Name + "k.alpha"] = TorchSharp.torch.tensor(0f),
                [Name + "v.lora_down.weight"] = TorchSharp.torch.ones(4, 768), [Name + "v.lora_up.weight"] = TorchSharp.torch.zeros(320, 4), [Name + "v.alpha"] = TorchSharp.torch.tensor(8f),
                [Name + "q.lora_down.weight"] = TorchSharp.torch.ones(4, 320), [Name + "q.lora_up.weight"] = TorchSharp.torch.ones(320, 4),
            }, new Dictionary<string, string> { ["ss_tag_frequency"] = """{"10_a": {"my style": 3, "cat": 1}, "2_b": {"cat": 4}}""", ["ss_steps"] = "12", ["sshs_model_hash"] = new('a', 64) });
        }
        var result = Cli.RunIn(folder.Path, "inspect", "odd.safetensors").Ended(0);
        foreach (string remark in new[] { "have no alpha", "have alpha 0", "above their rank", "1 tensors hold NaN", "1 tensors are all zeros", "change nothing", "were changed after it was written" })
            Assert.Contains(remark, result.Out);
        Assert.Matches(@"trigger words +cat \(5\), my style \(3\)", result.Out);
        Assert.Matches("training +12 steps", result.Out);
    }

    [Theory, InlineData(1f, false), InlineData(1e10f, false), InlineData(0f, true), InlineData(-2f, true)]
    public void AnAlphaBesideWholeFactorsDoesNotCountAndOnlyAnOddOneIsAFault(float alpha, bool odd)
    {
        using var folder = new TemporaryFolder();
        const string Name = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k";
        using (TorchSharp.torch.NewDisposeScope())
            Lowrank.Formats.Safetensors.Save(folder["whole.safetensors"], new Dictionary<string, TorchSharp.torch.Tensor>
            {
                [$"{Name}.lokr_w1"] = TorchSharp.torch.full(8, 8, 2f), [$"{Name}.lokr_w2"] = TorchSharp.torch.full(40, 96, 3f), [$"{Name}.alpha"] = TorchSharp.torch.tensor(alpha),
            });
        var result = Cli.RunIn(folder.Path, "inspect", "whole.safetensors").Ended(0);
        Assert.Matches(@"alpha +\S+ \(1 layers\); that of 1 with whole factors does not count: their scale is 1", result.Out);
        Assert.Equal(odd, result.Out.Contains("no program writes beside whole factors", StringComparison.Ordinal));
        Assert.Equal(!odd, System.Text.RegularExpressions.Regex.IsMatch(result.Out, "health +good"));
        // 320·768 values of 6 each, whatever alpha says.
        var json = JsonDocument.Parse(Cli.RunIn(folder.Path, "inspect", "whole.safetensors", "--json").Ended(0).Out).RootElement;
        Assert.Equal(6 * Math.Sqrt(320 * 768), json.GetProperty("adapter").GetProperty("norm").GetDouble(), 1e-2);
    }

    [Theory]
    [InlineData("LTX-Video", "diffusion_model.transformer_blocks.0.attn1.to_q.lora_A.weight", 2048, "diffusion_model.transformer_blocks.0.attn1.to_q.lora_B.weight", 2048, "ltxv")]
    [InlineData("SD 3.x", "lora_unet_joint_blocks_0_context_block_attn_qkv.lora_down.weight", 2432, "lora_unet_joint_blocks_0_context_block_attn_qkv.lora_up.weight", 7296, "sd3")]
    [InlineData("Hunyuan-DiT", "lora_unet_blocks_0_attn1_Wqkv.lora_down.weight", 1408, "lora_unet_blocks_0_attn1_Wqkv.lora_up.weight", 4224, "hydit")]
    public void AnAdapterForAnotherFamilyTellsIt(string family, string down, int inputs, string up, int outputs, string version)
    {
        using var folder = new TemporaryFolder();
        using (TorchSharp.torch.NewDisposeScope())
            Lowrank.Formats.Safetensors.Save(folder["other.safetensors"], new Dictionary<string, TorchSharp.torch.Tensor>
            {
                [down] = TorchSharp.torch.ones(4, inputs), [up] = TorchSharp.torch.ones(outputs, 4),
            }, new Dictionary<string, string> { ["ss_base_model_version"] = version, ["ss_sd_model_name"] = "base.safetensors" });
        var result = Cli.RunIn(folder.Path, "inspect", "other.safetensors").Ended(0);
        Assert.Matches($"made for +{family}", result.Out);
        Assert.Contains("base.safetensors", result.Out);
        Assert.Contains(version, result.Out);
        Assert.Matches(@"method +lora \(1 layers\)", result.Out);
    }

    [Fact]
    public void AnAdapterWithDoraTellsSoAndHowManyLayersHaveIt()
    {
        using var folder = new TemporaryFolder();
        const string Name = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_";
        var layers = new List<(string, long[])>();
        foreach (string layer in new[] { "k", "v", "q" })
        {
            layers.AddRange([($"{Name}{layer}.lora_down.weight", [4, 768]), ($"{Name}{layer}.lora_up.weight", [320, 4]), ($"{Name}{layer}.alpha", [])]);
            if (layer != "q") layers.Add(($"{Name}{layer}.dora_scale", [320, 1]));
        }
        Tiny.Safetensors(folder["dora.safetensors"], layers);
        var result = Cli.RunIn(folder.Path, "inspect", "dora.safetensors").Ended(0);
        Assert.Contains("lora with DoRA (2 layers), lora (1 layers)", result.Out);
        Assert.Contains("the change of 1 of 3 layers", result.Out);
        var json = JsonDocument.Parse(Cli.RunIn(folder.Path, "inspect", "dora.safetensors", "--json").Ended(0).Out).RootElement;
        Assert.Equal(2, json.GetProperty("adapter").GetProperty("methods").GetProperty("lora with DoRA").GetInt32());
    }
}
