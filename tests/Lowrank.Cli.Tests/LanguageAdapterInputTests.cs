using System.Text.Json.Nodes;
using Lowrank.Formats;
using TorchSharp;

namespace Lowrank.Cli.Tests;

/// <summary>What adapters of language models say beside their tensors, or are given as, and was passed over.</summary>
public sealed class LanguageAdapterInputTests : IDisposable
{
    static readonly string cases = Path.Combine(GoldenFolder.Repository, "tests", "Lowrank.Workbench.Tests", "Cases", "language");
    static readonly string model = Path.Combine(cases, "bases", "chat"), lyon = Path.Combine(cases, "adapters", "lyon");

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // The adapter with other fields in its configuration.
    string Lyon(params (string Field, JsonNode? Value)[] fields)
    {
        string path = Directory.CreateDirectory(folder["lyon"]).FullName, settings = Path.Combine(path, "adapter_config.json");
        foreach (string file in Directory.EnumerateFiles(lyon)) File.Copy(file, Path.Combine(path, Path.GetFileName(file)), overwrite: true);
        var config = JsonNode.Parse(File.ReadAllText(settings))!.AsObject();
        foreach (var (field, value) in fields)
            if (value is null) config.Remove(field);
            else config[field] = value;
        File.WriteAllText(settings, config.ToJsonString());
        return path;
    }

    string Prompt(string type, long tokens, long width, string more = "")
    {
        string path = Directory.CreateDirectory(folder["prompt"]).FullName;
        using (torch.NewDisposeScope())
            Safetensors.Save(Path.Combine(path, "adapter_model.safetensors"), [KeyValuePair.Create("prompt_embeddings", torch.ones(tokens, width))]);
        File.WriteAllText(Path.Combine(path, "adapter_config.json"),
            $$"""{"peft_type": "{{type}}", "num_virtual_tokens": {{tokens}}, "base_model_name_or_path": "own/base"{{more}}}""");
        return path;
    }

    static string Line(string text) => text.ReplaceLineEndings(" ");

    static Cli.Result Write(string adapter, string prompt = "the king") =>
        Cli.Run("write", prompt, "-m", model, "-a", adapter, "--max-tokens", "2", "--device", "cpu", "--precision", "f32");

    string Told(params (string Field, JsonNode? Value)[] fields) => Line(Write(Lyon(fields)).Ended(0).Error);

    string Refused(params (string Field, JsonNode? Value)[] fields) => Line(Write(Lyon(fields)).Ended(1).Error);

    static string Golden(params string[] parts) => Path.Combine([GoldenFolder.Repository, "tests", "Goldens", "data", "language", .. parts]);

    [Fact]
    public void AnAdapterInFewBitsIsInspectedWithTheHashesThatItHas()
    {
        string told = Cli.Run("inspect", Golden("gguf-lora", "gguf", "llama-q8_0.gguf"), "--hashes").Ended(0).Out;
        Assert.Contains("AutoV2", told);
        Assert.DoesNotContain("sshs", told);
    }

    [Fact]
    public void VirtualTokensAreNotCalledEqualOverNoWeight()
    {
        string error = Line(Cli.Run("verify", Prompt("PROMPT_TUNING", 4, 64), lyon, "-m", model).Ended(1).Error);
        Assert.Contains("prompt adds 4 virtual tokens to the input", error);
    }

    [Fact]
    public void AFolderOfWhichNothingWouldBeRoundedIsRefused()
    {
        string error = Line(Cli.Run("quantize", Golden("gguf2", "hf", "gpt2"), folder["small"], "--type", "int8").Ended(1).Error);
        Assert.Contains("no matrix that bitsandbytes rounds", error);
        Assert.False(Path.Exists(folder["small"]));
    }

    [Fact]
    public void InspectTellsWhatVirtualTokensAre()
    {
        string prompt = Cli.Run("inspect", Prompt("PROMPT_TUNING", 4, 32)).Ended(0).Out;
        Assert.Contains("prompt tuning: 4 virtual tokens of width 32", prompt);
        Assert.Contains("a language model of width 32", prompt);
        Assert.Contains("own/base", prompt);
        Assert.DoesNotContain("no dialect", prompt);
        Assert.Contains("p-tuning: 5 virtual tokens of width 32", Cli.Run("inspect", Prompt("P_TUNING", 5, 32)).Ended(0).Out);
        string prefix = Cli.Run("inspect", Prompt("PREFIX_TUNING", 4, 96, ", \"num_layers\": 3")).Ended(0).Out;
        Assert.Contains("prefix tuning: a prefix of 4 virtual tokens: keys and values of width 16 in 3 layers", prefix);
        Assert.Contains("a language model of 3 layers", prefix);
        string json = Cli.Run("inspect", Prompt("P_TUNING", 5, 32), "--json").Ended(0).Out;
        var told = JsonNode.Parse(json)!;
        Assert.Equal(5, (int)(told is JsonArray all ? all[0]! : told)["adapter"]!["prompt"]!["tokens"]!);
    }

    [Fact]
    public void VirtualTokensOfAnotherBaseAreToldBySizesOfBoth()
    {
        string prompt = Line(Write(Prompt("PROMPT_TUNING", 4, 32)).Ended(1).Error);
        Assert.Contains("for a model with tokens of width 32 (by its settings: own/base), and the model is Llama with tokens of width 64", prompt);
        Assert.DoesNotContain("belong to no layer", prompt);
        Assert.Contains("a model with 3 layers with keys of width 16 (by its settings: own/base), and the model is Llama with 2 layers with keys of width 32",
            Line(Write(Prompt("PREFIX_TUNING", 4, 96, ", \"num_layers\": 3")).Ended(1).Error));
    }

    [Fact]
    public void VirtualTokensTakeOfTheModelsContext()
    {
        string error = Line(Write(Prompt("PROMPT_TUNING", 255, 64)).Ended(1).Error);
        Assert.Contains("the model takes 256, prompt and text together, of which 255 are an adapter's", error);
        Assert.Contains("where prompt and text fill the model's 256 tokens", Line(Write(Prompt("PREFIX_TUNING", 254, 128, ", \"num_layers\": 2"), "").Error)
            + Line(Cli.Run("write", "a", "-m", model, "-a", Prompt("PROMPT_TUNING", 252, 64), "--max-tokens", "50").Ended(0).Error));
    }

    [Fact]
    public void AModelGivenAsAnAdapterIsSaidToBeOne()
    {
        Assert.Contains($"{model} is a model (Llama), not an adapter. A model is given by --model.", Line(Write(model).Ended(1).Error));
        Assert.Contains("is it a model?", Line(Cli.Run("merge", "-m", model, "-a", model, "-o", folder["out"]).Ended(1).Error));
        Directory.CreateDirectory(folder["none"]);
        Assert.Contains("holds no adapter", Line(Write(folder["none"]).Ended(1).Error));
    }

    [Fact]
    public void AFolderOfMlxWithoutItsConfigurationIsToldSo()
    {
        Directory.CreateDirectory(folder["mlx"]);
        File.Copy(Path.Combine(lyon, "adapter_model.safetensors"), folder["mlx/adapters.safetensors"]);
        Assert.Contains("holds mlx-lm's adapters.safetensors, and no adapter_config.json beside it", Line(Write(folder["mlx"]).Ended(1).Error));
    }

    [Fact]
    public void InvocationTokensThatCannotComeOrDoNotAreTold()
    {
        Assert.Contains("alora_invocation_tokens in adapter_config.json is \"go\", a text, and should be a list of a tokenizer's ids",
            Refused(("alora_invocation_tokens", "go")));
        Assert.Contains("acts from its invocation tokens 9999 on, and the model has 465 tokens: it never acts", Told(("alora_invocation_tokens", new JsonArray(9999))));
        string absent = Told(("alora_invocation_tokens", new JsonArray(461, 3)));
        Assert.Contains("lyon acts from its invocation tokens 461, 3 (", absent);
        Assert.Contains("and the prompt lacks them: it does not act until they are written", absent);
        Assert.DoesNotContain("lacks them", Told(("alora_invocation_tokens", new JsonArray(460))));   // with which every prompt begins
    }

    [Fact]
    public void AnAdapterThatActsFromTokensOnIsCalledAnAlora()
    {
        string adapter = Lyon(("alora_invocation_tokens", new JsonArray(461)));
        foreach (string[] way in new string[][] { ["-a", adapter], ["-m", model] })
            Assert.Contains("what aLoRA changes depends on the input", Cli.Run(["merge", "-a", adapter, .. way, "-o", folder["out"]]).Ended(1).Error);
    }

    [Fact]
    public void LayersThatTheConfigurationLeavesOutAndTheFileHoldsAreTold()
    {
        Assert.Contains("target_modules leaves out 12 layers that the file has factors for", Told(("target_modules", new JsonArray("q_proj"))));
        Assert.Contains("target_modules and layers_to_transform leave out 7 layers that the file has factors for, such as model.layers.1.",
            Told(("layers_to_transform", 0)));
        Assert.Contains("leave out 7 layers", Told(("layers_to_transform", new JsonArray(1)), ("layers_pattern", "layers")));
        Assert.DoesNotContain("leave out", Told(("layers_to_transform", new JsonArray(0, 1))));
        Assert.Contains("layers_to_transform is [7], which means none of the 14 layers", Refused(("layers_to_transform", new JsonArray(7))));
        Assert.Contains("and layers_pattern is \"h\", which means none of the 14 layers", Refused(("layers_to_transform", new JsonArray(0, 1)), ("layers_pattern", "h")));
    }

    [Fact]
    public void AConfigurationWithoutARankIsTold()
    {
        Assert.Contains("adapter_config.json tells no r: the rank is that of the factors", Told(("r", null)));
        Assert.Contains("tells rank 4, and the factors have rank 8", Refused(("r", 4)));
        Assert.Contains("(use_superlora): what it does is not known here", Told(("use_superlora", true)));
    }

    [Fact]
    public void AFaultThatAsksEndsWithoutAFullStop()
    {
        string error = Refused(("r", 4));
        Assert.DoesNotContain("?.", error);
        Assert.DoesNotContain("?.", Cli.Run("inspect", Lyon(("r", 4))).Out);
    }

    [Fact]
    public void AStrengthFarFromWhatWasTrainedIsTold() =>
        Assert.Contains("has strength 1E+30, so many times what was trained",
            Line(Cli.Run("write", "a", "-m", model, "-a", lyon + ":1e30", "--max-tokens", "1").Error));

    [Fact]
    public void WhatMergingAndExtractingOfLanguageModelsHaveNoUseForIsRefusedByName()
    {
        string blocks = Line(Cli.Run("merge", "-m", model, "-a", lyon + ":1:lbw=1,2", "-o", folder["out"]).Ended(1).Error);
        Assert.Contains("models of Llama have no such lists of blocks: leave it out", blocks);
        Assert.Contains("--unet-only leaves text encoders out", Line(Cli.Run("extract", "-m", model, "-t", model, "--rank", "2", "--unet-only", "-o", folder["out"]).Ended(2).Error));
        Assert.Contains("\"nf4\" is a type of few bits, and f32, f16 or bf16 can be written here",
            Line(Cli.Run("merge", "-m", model, "-a", lyon, "-o", folder["out"], "--dtype", "nf4").Ended(2).Error));
        Assert.False(Path.Exists(folder["out"]));
    }
}
