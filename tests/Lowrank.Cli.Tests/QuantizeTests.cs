using Lowrank.Formats;
using Lowrank.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Cli.Tests;

/// <summary><c>lowrank quantize</c>, and what <c>lowrank inspect</c> says of its files.</summary>
public class QuantizeTests
{
    static readonly string goldens = Path.Combine(GoldenFolder.Root, "language/gguf2");

    static string Folder(string name) => Path.Combine(goldens, "hf", name);

    [Fact]
    public void AFolderBecomesTheFileThatLlamaCppsConverterWrites()
    {
        using var folder = new TemporaryFolder();
        var ended = Cli.RunIn(folder.Path, "quantize", Folder("llama-spm"), "out.gguf", "--type", "f16").Ended(0);
        Assert.Contains("out.gguf", ended.Out, StringComparison.Ordinal);
        Assert.True(File.ReadAllBytes(Path.Combine(goldens, "gguf/llama-spm.f16.gguf")).AsSpan().SequenceEqual(File.ReadAllBytes(folder["out.gguf"])));
        string asAdapter = Cli.RunIn(folder.Path, "write", "x", "-m", Folder("llama-spm"), "-a", "out.gguf").Ended(1).Error;
        Assert.Contains("out.gguf is a model (Llama), not an adapter", asAdapter, StringComparison.Ordinal);
        string told = Cli.RunIn(folder.Path, "inspect", "out.gguf").Ended(0).Out;
        Assert.Contains("Llama", told, StringComparison.Ordinal);
        Assert.Contains("GGUF", told, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileBecomesTheOneThatLlamaCppsQuantiserWrites()
    {
        using var folder = new TemporaryFolder();
        Cli.RunIn(folder.Path, "quantize", Path.Combine(goldens, "gguf/wide.bf16.gguf"), "out.gguf", "--type", "Q4_K_M", "--json").Ended(0);
        Assert.True(File.ReadAllBytes(Path.Combine(goldens, "gguf/wide.Q4_K_M.gguf")).AsSpan().SequenceEqual(File.ReadAllBytes(folder["out.gguf"])));
        string refused = Cli.RunIn(folder.Path, "quantize", "out.gguf", "again.gguf", "--type", "q4_0").Ended(1).Error;
        foreach (string part in new[] { "out.gguf", "is Q4_K already", "--requantize" }) Assert.Contains(part, refused, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["again.gguf"]));
        Cli.RunIn(folder.Path, "quantize", "out.gguf", "again.gguf", "--type", "q4_0", "--requantize").Ended(0);
        Assert.Contains("exists already", Cli.RunIn(folder.Path, "quantize", "out.gguf", "again.gguf", "--type", "q4_0", "--requantize").Ended(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderInOtherBitsOfAKindThatTheConverterDoesNotWriteIsQuantised()
    {
        using var folder = new TemporaryFolder();
        Cli.RunIn(folder.Path, "quantize", Folder("llama3-bpe"), "out.gguf", "--type", "q4_0").Ended(0);
        using var file = Gguf.Open(folder["out.gguf"]);
        Assert.Equal(2, file.Entries.Integer("general.file_type"));
        Assert.Contains(file.Tensors, info => info.Dtype == BlockFormats.Q4_0.Dtype);
        Assert.Equal(["out.gguf"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName));
    }

    [Theory, InlineData("nf4", 0.1), InlineData("fp4", 0.2), InlineData("int8", 0.01)]
    public void AFolderOfBitsAndBytesLoadsAndIsNearTheModel(string type, double share)
    {
        using var folder = new TemporaryFolder();
        Cli.RunIn(folder.Path, "quantize", Folder("llama-spm"), "out", "--type", type).Ended(0);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var plain = LanguageModels.Load<CausalModel>(Folder("llama-spm"), new(ScalarType.Float32));
        using var small = LanguageModels.Load<CausalModel>(folder["out"], new(ScalarType.Float32));
        Assert.All(small.Describe().LayersByPath.Where(layer => layer.Key.EndsWith("_proj", StringComparison.Ordinal)), layer => Assert.IsType<PackedWeight>(layer.Value.Weight));
        foreach (var (path, layer) in small.Describe().LayersByPath)
        {
            var want = plain.Describe().LayersByPath[path].Weight.Dense(ScalarType.Float32);
            double off = (layer.Weight.Dense(ScalarType.Float32) - want).norm().ToDouble() / want.norm().ToDouble();
            Assert.True(off <= share, $"{path}: {off}");
        }
        Assert.Contains("rounded already", Cli.RunIn(folder.Path, "quantize", "out", "again", "--type", type).Ended(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeIsRefusedWithWhatCan()
    {
        using var folder = new TemporaryFolder();
        string model = Folder("llama-spm");
        Assert.Contains("q4_k_m", Cli.RunIn(folder.Path, "quantize", model, "out.gguf", "--type", "q4_q").Ended(2).Error, StringComparison.Ordinal);
        Assert.Contains(".gguf", Cli.RunIn(folder.Path, "quantize", model, "out.bin", "--type", "q4_0").Ended(2).Error, StringComparison.Ordinal);
        Assert.Contains("--double-quant", Cli.RunIn(folder.Path, "quantize", model, "out.gguf", "--type", "q4_0", "--double-quant").Ended(2).Error, StringComparison.Ordinal);
        Assert.Contains("--overwrite is for GGUF files", Cli.RunIn(folder.Path, "quantize", model, "out", "--type", "nf4", "--overwrite").Ended(2).Error, StringComparison.Ordinal);
        Assert.Contains("weights alone", Cli.RunIn(folder.Path, "quantize", Path.Combine(model, "model.safetensors"), "out.gguf", "--type", "q4_0").Ended(1).Error, StringComparison.Ordinal);
        Cli.RunIn(folder.Path, "quantize", "nothing", "out.gguf", "--type", "q4_0").Ended(1);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    static string Notes(TemporaryFolder folder, string model, string type, params string[] options)
    {
        File.Delete(folder["out.gguf"]);
        return Cli.RunIn(folder.Path, ["quantize", model, "out.gguf", "--type", type, .. options]).Ended(0).Out;
    }

    [Fact]
    public void WishesThatChangeNothingAreTold()
    {
        using var folder = new TemporaryFolder();
        string model = Folder("llama-spm");
        string told = Notes(folder, model, "q8_0", "--pure", "--requantize");
        Assert.Contains("--pure changed nothing: Q8_0 of this model has no mixture", told, StringComparison.Ordinal);
        Assert.Contains("--requantize was not needed", told, StringComparison.Ordinal);
        Assert.Contains("floats is never refused", Notes(folder, model, "f16", "--requantize"), StringComparison.Ordinal);
        Assert.DoesNotContain("--pure", Notes(folder, model, "q4_0", "--pure"), StringComparison.Ordinal);
    }

    [Fact]
    public void OtherTypesThanTheKindsAreTold()
    {
        using var folder = new TemporaryFolder();
        string wide = Path.Combine(goldens, "gguf/wide.bf16.gguf");
        Assert.Contains("4 matrices are Q4_0 in place of TQ1_0, such as blk.0.attn_output.weight with rows of 64", Notes(folder, wide, "tq1_0"), StringComparison.Ordinal);
        Assert.Contains("No tensor is MXFP4, whatever the kind MXFP4_MOE is called", Notes(folder, wide, "mxfp4_moe"), StringComparison.Ordinal);
        string size = Lowrank.Workbench.Quantity.Bytes(new FileInfo(folder["out.gguf"]).Length);
        Assert.Contains($"out.gguf ({size})", Notes(folder, wide, "mxfp4_moe"), StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderOfFewBitsIsRoundedAgainOnlyWhereThatIsAskedForAndTold()
    {
        using var folder = new TemporaryFolder();
        Cli.RunIn(folder.Path, "quantize", Folder("llama-spm"), "nf4", "--type", "nf4").Ended(0);
        string refused = Cli.RunIn(folder.Path, "quantize", "nf4", "out.gguf", "--type", "q8_0").Ended(1).Error;
        Assert.Contains("rounded already (bitsandbytes nf4)", refused, StringComparison.Ordinal);
        Assert.Contains("--requantize", refused, StringComparison.Ordinal);
        Assert.Contains("are rounded again: both errors count", Notes(folder, "nf4", "q8_0", "--requantize"), StringComparison.Ordinal);
        Assert.DoesNotContain("rounded again", Notes(folder, "nf4", "f16"), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^size +42,720 parameters, [0-9.]+ kB.*$", Cli.RunIn(folder.Path, "inspect", "nf4").Ended(0).Out);
        Assert.Contains("bitsandbytes nf4", Cli.RunIn(folder.Path, "inspect", "nf4").Ended(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void AnAdapterAndATokenizerAloneAreToldForWhatTheyAre()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["tokenizer"]);
        foreach (string file in Directory.EnumerateFiles(Folder("llama-spm"), "tokenizer*")) File.Copy(file, Path.Combine(folder["tokenizer"], Path.GetFileName(file)));
        string adapter = Path.Combine(GoldenFolder.Root, "language/gguf-lora/peft/llama-qkvo");
        foreach (string[] command in (string[][])[["quantize", "{}", "o.gguf", "--type", "q8_0"], ["write", "x", "-m", "{}"],
            ["merge", "-m", "{}", "-a", adapter, "-o", "o"], ["extract", "-m", "{}", "-t", Folder("llama-spm"), "--rank", "2", "-o", "o"],
            ["merge", "-m", Folder("llama-spm"), "--with", "{}", "-o", "o"]])
        {
            string Told(string place) => Cli.RunIn(folder.Path, [.. command.Select(word => word == "{}" ? place : word)]).Ended(1).Error;
            Assert.Contains($"{adapter} is an adapter, not a model", Told(adapter), StringComparison.Ordinal);
            Assert.Contains("tokenizer holds a tokenizer alone", Told("tokenizer"), StringComparison.Ordinal);
        }
    }
}
