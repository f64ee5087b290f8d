using System.Text.Json;
using Lowrank.Formats;
using static TorchSharp.torch;

namespace Lowrank.Cli.Tests;

/// <summary><c>lowrank convert</c> and <c>lowrank verify</c>: into another form and back.</summary>
public class ConvertTests
{
    [Theory]
    [InlineData("lora")]
    [InlineData("loha")]
    public void AnAdapterComesBackBitForBitWithItsMetadata(string method)
    {
        using var folder = new TemporaryFolder();
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.Emoji, method: method, dtype: ScalarType.Float16);
        Cli.RunIn(folder.Path, "convert", "a.safetensors", "peft", "--to", "peft", "-m", MadeFiles.Emoji).Ended(0);
        Cli.RunIn(folder.Path, "convert", "peft", "back.safetensors", "--to", "kohya", "-m", MadeFiles.Emoji).Ended(0);
        using var scope = NewDisposeScope();
        using var before = Containers.Open(folder["a.safetensors"]);
        using var after = Containers.Open(folder["back.safetensors"]);
        Assert.Equal(before.Tensors.Select(t => (t.Name, t.Dtype)), after.Tensors.Select(t => (t.Name, t.Dtype)));
        Assert.All(before.Tensors, t => Assert.True(before.Read(t.Name).Equals(after.Read(t.Name)), t.Name));
        Assert.Equal("somebody", after.Metadata["author"]);
        Assert.Equal(64, after.Metadata["sshs_model_hash"].Length);

        var verdict = Cli.RunIn(folder.Path, "verify", "a.safetensors", "peft", "--base-model", MadeFiles.Emoji, "--tolerance", "0").Ended(0);
        Assert.Matches("verdict +equal", verdict.Out);
    }

    [Fact]
    public void LayersAreNoWordsWhateverTheModelIs()
    {
        using var folder = new TemporaryFolder();
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.Emoji);
        string said = Cli.RunIn(folder.Path, "convert", "a.safetensors", "word.safetensors", "--to", "textual-inversion").Ended(1).Error;
        Assert.Contains("textual-inversion holds words alone, and the adapter has", said);
        Assert.DoesNotContain("base model", said);
    }

    [Fact]
    public void AnAdapterOfAnUnknownModelIsConvertedByTheLayersThatItNames()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["gpt"]);
        const string Layer = "base_model.model.transformer.h.0.attn.c_attn";
        Tiny.Safetensors(folder["gpt/adapter_model.safetensors"], ($"{Layer}.lora_A.weight", [2, 6]), ($"{Layer}.lora_B.weight", [18, 2]), ("base_model.model.score.weight", [3, 6]));
        File.WriteAllText(folder["gpt/adapter_config.json"], """{"peft_type": "LORA", "r": 2, "lora_alpha": 4, "fan_in_fan_out": true, "target_modules": ["c_attn"]}""");
        Assert.Contains("score", Cli.RunIn(folder.Path, "convert", "gpt", "gpt.safetensors", "--to", "loralib").Ended(1).Error);
        Cli.RunIn(folder.Path, "convert", "gpt", "gpt.safetensors", "--to", "loralib", "--allow-unmatched").Ended(0);
        Cli.RunIn(folder.Path, "convert", "gpt.safetensors", "back", "--to", "peft").Ended(0);
        foreach (string other in new[] { "gpt.safetensors", "back" })
            Assert.Matches("verdict +equal", Cli.RunIn(folder.Path, "verify", "gpt", other, "--allow-unmatched").Ended(0).Out);
        // A known model of another shape is asked for.
        Directory.CreateDirectory(folder["small"]);
        const string Known = "base_model.model.mid_block.attentions.0.transformer_blocks.0.attn1.to_q";
        Tiny.Safetensors(folder["small/adapter_model.safetensors"], ($"{Known}.lora_A.weight", [2, 6]), ($"{Known}.lora_B.weight", [6, 2]));
        File.WriteAllText(folder["small/adapter_config.json"], """{"peft_type": "LORA", "r": 2, "lora_alpha": 4}""");
        Assert.Contains("--base-model", Cli.RunIn(folder.Path, "convert", "small", "small.safetensors", "--to", "kohya").Ended(1).Error);
        Assert.Matches(@"alpha +4 \(1 layers\)", Cli.RunIn(folder.Path, "inspect", "gpt").Ended(0).Out);
    }

    [Fact]
    public void VerifyTellsWhereTwoAdaptersDifferAndEndsWith1()
    {
        using var folder = new TemporaryFolder();
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.Emoji, seed: 1);
        MadeFiles.Adapter(folder["b.safetensors"], MadeFiles.Emoji, seed: 2);
        MadeFiles.Adapter(folder["c.safetensors"], MadeFiles.Emoji, seed: 1, convolutions: true);
        var json = JsonDocument.Parse(Cli.RunIn(folder.Path, "verify", "a.safetensors", "b.safetensors", "-m", MadeFiles.Emoji, "--json").Ended(1).Out).RootElement;
        Assert.False(json.GetProperty("equal").GetBoolean());
        Assert.InRange(json.GetProperty("largest").GetDouble(), 1, 3);
        Assert.InRange(json.GetProperty("targets")[0].GetProperty("relative").GetDouble(), 1, 3);
        var result = Cli.RunIn(folder.Path, "verify", "a.safetensors", "c.safetensors", "-m", MadeFiles.Emoji, "--verbose").Ended(1);
        Assert.Matches("layers +[0-9]+, of which 0 are in A alone and [1-9][0-9]* in B alone", result.Out);
        Assert.Matches(@"unet\.down_blocks\.0\.resnets\.0\.conv1 +none +lora", result.Out);
    }

    [Fact]
    public void TheDtypeIsTheInputsUnlessAnotherIsAskedFor()
    {
        using var folder = new TemporaryFolder();
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.Emoji);
        Cli.RunIn(folder.Path, "convert", "a.safetensors", "same.safetensors", "--to", "kohya", "-m", MadeFiles.Emoji).Ended(0);
        Cli.RunIn(folder.Path, "convert", "a.safetensors", "half.safetensors", "--to", "kohya", "-m", MadeFiles.Emoji, "--dtype", "f16").Ended(0);
        Assert.Equal(TensorDtype.F32, DtypeOf("same.safetensors"));
        Assert.Equal(TensorDtype.F16, DtypeOf("half.safetensors"));
        Cli.RunIn(folder.Path, "verify", "a.safetensors", "half.safetensors", "-m", MadeFiles.Emoji, "--tolerance", "0.01").Ended(0);
        Cli.RunIn(folder.Path, "verify", "a.safetensors", "half.safetensors", "-m", MadeFiles.Emoji).Ended(1);

        TensorDtype DtypeOf(string name)
        {
            using var file = Containers.Open(folder[name]);
            return file.Tensors.First(t => t.Shape.Length == 2).Dtype;
        }
    }

    [Fact]
    public void KeysOfNoLayerStopItUnlessTheyMayBeLeftOut()
    {
        using var folder = new TemporaryFolder();
        Tiny.Safetensors(folder["a.safetensors"],
            ("lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight", [4, 320, 1, 1]), ("lora_unet_down_blocks_0_attentions_0_proj_in.lora_up.weight", [320, 4, 1, 1]),
            ("lora_unet_nowhere.lora_down.weight", [4, 320]), ("lora_unet_nowhere.lora_up.weight", [320, 4]));
        string[] convert = ["convert", "a.safetensors", "b.safetensors", "--to", "kohya"];
        Assert.Contains("lora_unet_nowhere", Cli.RunIn(folder.Path, convert).Ended(1).Error);
        Assert.False(File.Exists(folder["b.safetensors"]));
        Assert.Contains("lora_unet_nowhere", Cli.RunIn(folder.Path, [.. convert, "--allow-unmatched"]).Ended(0).Out);
    }

    [Fact]
    public void ABaseModelBecomesAFileAndAFolderAgain()
    {
        using var folder = new TemporaryFolder();
        var result = Cli.RunIn(folder.Path, "convert", MadeFiles.Emoji, "one.safetensors").Ended(0);
        Assert.Matches("to +file", result.Out);
        Cli.RunIn(folder.Path, "convert", "one.safetensors", "two", "--model-config", MadeFiles.Emoji).Ended(0);
        MadeFiles.AssertClose(MadeFiles.Weights(MadeFiles.Emoji), MadeFiles.Weights(folder["two"]), 0);
        Cli.RunIn(folder.Path, "convert", "one.safetensors", "three.safetensors", "--dtype", "bf16").Ended(0);
        using var file = Containers.Open(folder["three.safetensors"]);
        Assert.All(file.Tensors, t => Assert.Equal(TensorDtype.BF16, t.Dtype));
        Assert.Contains("has no dialect", Cli.RunIn(folder.Path, "convert", "one.safetensors", "x", "--to", "kohya").Ended(2).Error);
    }
}
