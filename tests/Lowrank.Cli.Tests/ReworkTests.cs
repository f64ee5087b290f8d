using System.Text.Json;
using static TorchSharp.torch;

namespace Lowrank.Cli.Tests;

/// <summary><c>lowrank extract</c> and <c>lowrank resize</c>.</summary>
public class ReworkTests
{
    [Fact]
    public void WhatWasMergedIsExtractedAgain()
    {
        using var folder = new TemporaryFolder();
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.Emoji, convolutions: true);
        Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "-a", "a.safetensors", "-o", "tuned", "--dtype", "f32").Ended(0);
        var result = Cli.RunIn(folder.Path, "extract", "--base-model", MadeFiles.Emoji, "--tuned-model", "tuned", "--rank", "4", "--conv-rank", "4", "-o", "again.safetensors", "--dtype", "f32", "--verbose").Ended(0);
        Assert.Matches(@"unet\.down_blocks\.0\.resnets\.0\.conv1 +4 ", result.Out);
        Cli.RunIn(folder.Path, "verify", "a.safetensors", "again.safetensors", "-m", MadeFiles.Emoji, "--tolerance", "0.001").Ended(0);

        var json = JsonDocument.Parse(Cli.RunIn(folder.Path, "extract", "-m", MadeFiles.Emoji, "-t", "tuned", "--energy", "0.7", "--rank", "3", "--unet-only", "-o", "less.safetensors", "--json").Ended(0).Out).RootElement;
        Assert.InRange(json.GetProperty("error").GetDouble(), 0.1, 0.6);
        Assert.All(json.GetProperty("layers").EnumerateArray(), layer => Assert.InRange(layer.GetProperty("rank").GetInt32(), 1, 3));
        Assert.All(json.GetProperty("layers").EnumerateArray(), layer => Assert.StartsWith("unet.", layer.GetProperty("path").GetString()));

        Cli.RunIn(folder.Path, "extract", "-m", MadeFiles.Emoji, "-t", "tuned", "--whole", "-o", "whole.safetensors", "--dtype", "f32").Ended(0);
        Cli.RunIn(folder.Path, "verify", "a.safetensors", "whole.safetensors", "-m", MadeFiles.Emoji, "--tolerance", "0.001").Ended(0);
        Assert.Contains("do not differ", Cli.RunIn(folder.Path, "extract", "-m", MadeFiles.Emoji, "-t", MadeFiles.Emoji, "--rank", "4", "-o", "none.safetensors").Ended(1).Error);
        Assert.Contains("SDXL", Cli.RunIn(folder.Path, "extract", "-m", MadeFiles.Emoji, "-t", MadeFiles.TinyXl, "--rank", "4", "-o", "none.safetensors").Ended(1).Error);
    }

    [Fact]
    public void SparseRestsAndClampsAreWrittenAndRead()
    {
        using var folder = new TemporaryFolder();
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.Emoji);
        Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "-a", "a.safetensors", "-o", "tuned", "--dtype", "f32").Ended(0);
        double plain = ErrorOf("plain", "--rank", "2"), sparse = ErrorOf("sparse", "--rank", "2", "--sparse-bias", "0.9"), clamped = ErrorOf("clamped", "--rank", "2", "--like", "kohya");
        Assert.True(sparse < plain && plain < clamped, $"sparse {sparse}, plain {plain}, clamped {clamped}");
        // The error that was told is the one that is there.
        var json = JsonDocument.Parse(Cli.RunIn(folder.Path, "verify", "a.safetensors", "sparse.safetensors", "-m", MadeFiles.Emoji, "--json").Ended(1).Out).RootElement;
        double change = 0, difference = 0;
        foreach (var target in json.GetProperty("targets").EnumerateArray())
        {
            change += Math.Pow(target.GetProperty("change").GetDouble(), 2);
            difference += Math.Pow(target.GetProperty("difference").GetDouble(), 2);
        }
        Assert.InRange(Math.Sqrt(difference / change), sparse * 0.9, sparse * 1.1);

        double ErrorOf(string name, params string[] args) =>
            JsonDocument.Parse(Cli.RunIn(folder.Path, ["extract", "-m", MadeFiles.Emoji, "-t", "tuned", "-o", $"{name}.safetensors", "--dtype", "f32", "--json", .. args]).Ended(0).Out).RootElement.GetProperty("error").GetDouble();
    }

    [Fact]
    public void ResizingToTheOldRankLosesNothingAndRulesChooseByLayer()
    {
        using var folder = new TemporaryFolder();
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.Emoji, convolutions: true);
        Cli.RunIn(folder.Path, "resize", "a.safetensors", "same.safetensors", "--rank", "4", "-m", MadeFiles.Emoji).Ended(0);
        Cli.RunIn(folder.Path, "verify", "a.safetensors", "same.safetensors", "-m", MadeFiles.Emoji, "--tolerance", "1e-5").Ended(0);
        var result = Cli.RunIn(folder.Path, "resize", "a.safetensors", "less.safetensors", "--sv-fro", "0.9", "--rank", "3", "--conv-rank", "2", "-m", MadeFiles.Emoji, "--verbose").Ended(0);
        Assert.Matches(@"rule +sv_fro 0\.9, at most 3; convolutions sv_fro 0\.9, at most 2", result.Out);
        Assert.Matches(@"unet\.down_blocks\.0\.resnets\.0\.conv1 +4 +2 ", result.Out);
        var metadata = JsonDocument.Parse(Cli.RunIn(folder.Path, "inspect", "less.safetensors", "--json").Ended(0).Out).RootElement.GetProperty("file").GetProperty("metadata");
        Assert.Equal("somebody", metadata.GetProperty("author").GetString());
    }

    [Fact]
    public void AnotherMethodBecomesALoRAWithTheErrorTold()
    {
        using var folder = new TemporaryFolder();
        MadeFiles.Adapter(folder["loha.safetensors"], MadeFiles.Emoji, method: "loha", dtype: ScalarType.Float16);
        var json = JsonDocument.Parse(Cli.RunIn(folder.Path, "resize", "loha.safetensors", "lora.safetensors", "--rank", "12", "-m", MadeFiles.Emoji, "--json").Ended(0).Out).RootElement;
        Assert.InRange(json.GetProperty("error").GetDouble(), 0.01, 0.5);
        Assert.Matches(@"method +lora \(", Cli.RunIn(folder.Path, "inspect", "lora.safetensors").Ended(0).Out);
        // A LoHa of rank 4 is a product of ranks 4 and 4: a LoRA of rank 16 holds it.
        Cli.RunIn(folder.Path, "resize", "loha.safetensors", "whole.safetensors", "--rank", "16", "-m", MadeFiles.Emoji, "--dtype", "f32").Ended(0);
        Cli.RunIn(folder.Path, "verify", "loha.safetensors", "whole.safetensors", "-m", MadeFiles.Emoji, "--tolerance", "1e-4").Ended(0);
    }

    [Theory]
    [InlineData("Which rank", "resize", "a", "b.safetensors")]
    [InlineData("two rules", "resize", "a", "b.safetensors", "--sv-fro", "0.9", "--energy", "0.9")]
    [InlineData("1 or more", "resize", "a", "b.safetensors", "--rank", "0")]
    [InlineData("Over which base", "extract", "-t", "t", "--rank", "4", "-o", "b.safetensors")]
    public void RanksThatSayNothingAreUsageErrors(string said, params string[] args)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(said, Cli.RunIn(folder.Path, args).Ended(2).Error);
    }
}
