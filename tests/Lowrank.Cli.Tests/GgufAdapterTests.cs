using Lowrank.Formats;

namespace Lowrank.Cli.Tests;

/// <summary>llama.cpp's adapters at the command line: converted from PEFT's folders and back, looked into, compared.</summary>
public class GgufAdapterTests
{
    static string Base(string name) => Path.Combine(GoldenFolder.Root, "language", "gguf2", "hf", name);

    static string Peft(string name) => Path.Combine(GoldenFolder.Root, "language", "gguf-lora", "peft", name);

    static string Stored(string name) => Path.Combine(GoldenFolder.Root, "language", "gguf-lora", "gguf", $"{name}.gguf");

    // Rows of queries and keys are turned and back, a GPT-2's layers hold their weights as (in, out), an embedding's factor is turned.
    [Theory]
    [InlineData("llama-qkvo", "llama-spm"), InlineData("gpt2-c_attn", "gpt2"), InlineData("embedding-untied", "llama-spm"), InlineData("rslora", "llama-spm")]
    public void APeftFolderBecomesAFileAndAFolderAgain(string name, string model)
    {
        using var folder = new TemporaryFolder();
        Cli.RunIn(folder.Path, "convert", Peft(name), "a.gguf", "--to", "gguf", "-m", Base(model)).Ended(0);
        Cli.RunIn(folder.Path, "convert", "a.gguf", "back", "--to", "peft", "-m", Base(model)).Ended(0);
        foreach (string other in new[] { "a.gguf", "back" })
            Assert.Matches("verdict +equal", Cli.RunIn(folder.Path, "verify", Peft(name), other, "-m", Base(model), "--tolerance", "1e-6").Ended(0).Out);
        // Layers that differ are told: the same file beside another adapter of the same layers.
        Cli.RunIn(folder.Path, "verify", Peft("llama-qkvo"), Peft("rslora"), "-m", Base("llama-spm")).Ended(1);
    }

    [Fact]
    public void AFileTellsItsLayersRanksAndAlpha()
    {
        string said = Cli.Run("inspect", Stored("rank-pattern")).Ended(0).Out;
        Assert.Matches("dialect +gguf", said);
        Assert.Matches(@"alpha +8 \(6 layers\)", said);
        Assert.Matches(@"rank +4 \(.*2 \(.*7 \(", said);
        Assert.Contains("general.architecture", Cli.Run("inspect", Stored("rank-pattern"), "--json").Ended(0).Out);
    }

    [Theory]
    [InlineData("modules-to-save-head", "lm_head", "2 of 3"), InlineData("dora", "DoRA", "0 of"), InlineData("modules-to-save-norms", "norm", "2 of 7")]
    public void WhatHasNoPlaceIsSaidBeforeAnythingIsWritten(string name, string part, string count)
    {
        using var folder = new TemporaryFolder();
        string said = Cli.RunIn(folder.Path, "convert", Peft(name), "a.gguf", "--to", "gguf", "-m", Base("llama-spm")).Ended(1).Error;
        Assert.Contains(part, said);
        Assert.Contains($"{count}", said);
        Assert.Contains("merge the adapter into the base model", said.ReplaceLineEndings(" "));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void WithoutItsPartsThatHaveNoPlaceItIsWritten()
    {
        using var folder = new TemporaryFolder();
        Cli.RunIn(folder.Path, "convert", Peft("modules-to-save-head"), "a.gguf", "--to", "gguf", "-m", Base("llama-spm"), "--leave-out", "lm_head").Ended(0);
        using var file = Gguf.Open(folder["a.gguf"]);
        Assert.Equal(4, file.Tensors.Count);
    }

    [Fact]
    public void TheBaseModelIsAskedForAndMustBeOfTheFilesArchitecture()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("base model", Cli.RunIn(folder.Path, "convert", Peft("llama-qkvo"), "a.gguf", "--to", "gguf").Ended(1).Error);
        Assert.Contains("base model", Cli.RunIn(folder.Path, "convert", Stored("llama-qkvo"), "a", "--to", "peft").Ended(1).Error);
        string said = Cli.RunIn(folder.Path, "convert", Stored("llama-qkvo"), "a", "--to", "peft", "-m", Base("qwen2")).Ended(1).Error.ReplaceLineEndings(" ");
        Assert.Contains("calls llama", said);
        Assert.Contains("calls qwen2", said);
        Assert.Contains("does not end in .gguf", Cli.RunIn(folder.Path, "convert", Peft("llama-qkvo"), "a.safetensors", "--to", "gguf", "-m", Base("llama-spm")).Ended(1).Error);
    }

    [Fact]
    public void AFileIsWrittenAnewInAnotherDtypeWithoutItsBase()
    {
        using var folder = new TemporaryFolder();
        Cli.RunIn(folder.Path, "convert", Stored("llama-qkvo"), "half.gguf", "--dtype", "f16").Ended(0);
        using (var file = Gguf.Open(folder["half.gguf"]))
        {
            Assert.All(file.Tensors, tensor => Assert.Equal(TensorDtype.F16, tensor.Dtype));
            Assert.Equal("llama", file.Entries.Text("general.architecture"));
            Assert.Equal(8, file.Entries.Number("adapter.lora.alpha"));
        }
        Cli.RunIn(folder.Path, "verify", Peft("llama-qkvo"), "half.gguf", "-m", Base("llama-spm"), "--tolerance", "0.002").Ended(0);
    }

    [Fact]
    public void FactorsBeyondTheRangeOfF16AreTold()
    {
        using var folder = new TemporaryFolder();
        using var scope = TorchSharp.torch.NewDisposeScope();
        using (var file = Gguf.Open(Stored("llama-qkvo")))
            Gguf.Save(folder["large.gguf"], file.Entries, file.Tensors.Select(info => new TensorSource(info, () => file.Read(info.Name) * 1e6)));
        string said = Cli.RunIn(folder.Path, "convert", "large.gguf", "half.gguf", "--dtype", "f16").Ended(1).Error;
        Assert.Contains("does not fit into Float16", said);
        Assert.Contains("bf16 or f32", said);
        Assert.False(File.Exists(folder["half.gguf"]));
    }
}
