using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Models;
using TorchSharp;

namespace Lowrank.Cli.Tests;

/// <summary><c>lowrank merge</c> in its three ways.</summary>
public class MergeTests
{
    // The base is float16: half a unit in its last place.
    const double Rounding = 1.0 / 1024;

    [Fact]
    public void AdaptersIntoAFolderGiveWhatGeneratingWithThemGives()
    {
        using var folder = new TemporaryFolder();
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.Emoji, seed: 1, convolutions: true);
        MadeFiles.Adapter(folder["b.safetensors"], MadeFiles.Emoji, seed: 2, method: "loha");
        var result = Cli.RunIn(folder.Path, "merge", "--base-model", MadeFiles.Emoji, "--adapter", "a.safetensors:0.7", "--adapter", "b.safetensors", "--output", "merged", "--json").Ended(0);
        var expected = MadeFiles.Merged(MadeFiles.Emoji, (folder["a.safetensors"], 0.7), (folder["b.safetensors"], 1));
        MadeFiles.AssertClose(expected, MadeFiles.Weights(folder["merged"]), Rounding);
        Assert.True(JsonDocument.Parse(result.Out).RootElement.GetProperty("changed").GetInt32() > 100);
        // All else is there, unchanged, and dtypes are the base's.
        using var loaded = StableDiffusion.Load(folder["merged"], new Torch.Layers.Storage());
        foreach (string file in new[] { "model_index.json", "tokenizer/vocab.json", "vae/config.json", "vae/diffusion_pytorch_model.safetensors" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(MadeFiles.Emoji, file)), File.ReadAllBytes(Path.Combine(folder["merged"], file)));
        Assert.Equal(Dtypes(MadeFiles.Emoji), Dtypes(folder["merged"]));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(folder.Path), entry => entry.EndsWith(".partial", StringComparison.Ordinal));

        static IEnumerable<TensorDtype> Dtypes(string model)
        {
            using var file = WeightFiles.Open(Path.Combine(model, "unet"), "diffusion_pytorch_model");
            return [.. file.Tensors.Select(t => t.Dtype)];
        }
    }

    [Fact]
    public void AdaptersIntoACheckpointGiveTheSameAndTouchNoOtherBit()
    {
        using var folder = new TemporaryFolder();
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.Emoji);
        CheckpointConversion.ToFile(MadeFiles.Emoji, folder["base.safetensors"], cancel: TestContext.Current.CancellationToken);
        Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "-a", "a.safetensors:0.5:te=0", "-o", "folder").Ended(0);
        Cli.RunIn(folder.Path, "merge", "-m", "base.safetensors", "-a", "a.safetensors:0.5:te=0", "-o", "file.safetensors").Ended(0);
        MadeFiles.AssertClose(MadeFiles.Weights(folder["folder"]), MadeFiles.Weights(folder["file.safetensors"]), 0);
        using var before = Containers.Open(folder["base.safetensors"]);
        using var after = Containers.Open(folder["file.safetensors"]);
        Assert.Equal(before.Tensors.Select(t => (t.Name, t.Dtype)), after.Tensors.Select(t => (t.Name, t.Dtype)));
        Assert.Equal("stable-diffusion-v1", after.Metadata["modelspec.architecture"]);
        Assert.Equal("file", after.Metadata["modelspec.title"]);
        using var scope = torch.NewDisposeScope();
        int changed = before.Tensors.Count(t => !before.Read(t.Name).Equals(after.Read(t.Name)));
        Assert.InRange(changed, 30, 400);
        // A strength of 0 on the text encoder leaves it alone.
        Assert.All(before.Tensors.Where(t => t.Name.StartsWith("cond_stage_model.", StringComparison.Ordinal)), t => Assert.True(before.Read(t.Name).Equals(after.Read(t.Name))));
    }

    // In float16 it does not fit, in float32 it is not finite; either way nothing is written.
    [Theory, InlineData("1e6", "f16", "does not fit into F16"), InlineData("1e39", "f32", "holds NaN or infinity")]
    public void ValuesThatAreNotFiniteAreNotWritten(string strength, string dtype, string told)
    {
        using var folder = new TemporaryFolder();
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.Emoji);
        var result = Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "-a", $"a.safetensors:{strength}", "-o", "merged", "--dtype", dtype);
        Assert.NotEqual(0, result.Code);
        Assert.Contains(told, result.Error);
        Assert.Contains("weight", result.Error);
        Assert.False(Directory.Exists(folder["merged"]));
    }

    [Fact]
    public void JointAndTransposedTensorsOfXlAreChangedInTheirPlaces()
    {
        using var folder = new TemporaryFolder();
        var config = new CheckpointOptions { Config = MadeFiles.TinyXl };
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.TinyXl, convolutions: true);
        CheckpointConversion.ToFile(MadeFiles.TinyXl, folder["base.safetensors"], cancel: TestContext.Current.CancellationToken);
        using (var file = Containers.Open(folder["base.safetensors"])) Assert.Contains(file.Tensors, t => t.Name.EndsWith("attn.in_proj_weight", StringComparison.Ordinal));
        Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.TinyXl, "-a", "a.safetensors", "-o", "folder").Ended(0);
        Cli.RunIn(folder.Path, "merge", "-m", "base.safetensors", "--model-config", MadeFiles.TinyXl, "-a", "a.safetensors", "-o", "file.safetensors").Ended(0);
        var merged = MadeFiles.Weights(folder["folder"]);
        MadeFiles.AssertClose(merged, MadeFiles.Weights(folder["file.safetensors"], config), 0);
        const string joint = "text_encoder_2.text_model.encoder.layers.0.self_attn.k_proj.weight";
        Assert.NotEqual(MadeFiles.Weights(MadeFiles.TinyXl)[joint], merged[joint]);
    }

    [Fact]
    public void WeightsOfBlocksScaleTheirBlocksAlone()
    {
        using var folder = new TemporaryFolder();
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.Emoji);
        // BASE, IN00-11, MID, OUT00-11: all but the middle and the text encoder off.
        string blocks = "1," + string.Join(',', Enumerable.Repeat("0", 12)) + ",1," + string.Join(',', Enumerable.Repeat("0", 12));
        Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "-a", $"a.safetensors:1:lbw={blocks}", "-o", "some").Ended(0);
        Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "-a", "a.safetensors", "-o", "all").Ended(0);
        var (before, some, all) = (MadeFiles.Weights(MadeFiles.Emoji), MadeFiles.Weights(folder["some"]), MadeFiles.Weights(folder["all"]));
        foreach (var name in before.Keys)
            Assert.Equal(name.StartsWith("text_encoder.", StringComparison.Ordinal) || name.Contains(".mid_block.", StringComparison.Ordinal) ? all[name] : before[name], some[name]);
        string error = Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "-a", "a.safetensors:1:lbw=1,2,3", "-o", "none").Ended(1).Error;
        Assert.Contains("3 values", error);
        Assert.Contains("17", error);
    }

    [Fact]
    public void ModelsAreMixedWhateverTheirLayouts()
    {
        using var folder = new TemporaryFolder();
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.Emoji);
        Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "-a", "a.safetensors", "-o", "tuned", "--dtype", "f32").Ended(0);
        CheckpointConversion.ToFile(folder["tuned"], folder["tuned.safetensors"], cancel: TestContext.Current.CancellationToken);
        Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "--with", "tuned.safetensors:0.25", "-o", "mixed", "--dtype", "f32").Ended(0);
        var (before, tuned) = (MadeFiles.Weights(MadeFiles.Emoji), MadeFiles.Weights(folder["tuned"]));
        MadeFiles.AssertClose(before.ToDictionary(w => w.Key, w => w.Value.Zip(tuned[w.Key], (a, b) => 0.75f * a + 0.25f * b).ToArray()), MadeFiles.Weights(folder["mixed"]), 1e-6);

        Cli.RunIn(folder.Path, "merge", "-m", "mixed", "--plus", "tuned.safetensors", "--minus", MadeFiles.Emoji, "--times", "0.5", "-o", "added").Ended(0);
        MadeFiles.AssertClose(before.ToDictionary(w => w.Key, w => w.Value.Zip(tuned[w.Key], (a, b) => 0.25f * a + 0.75f * b).ToArray()), MadeFiles.Weights(folder["added"]), 1e-6);

        string error = Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "--with", $"{MadeFiles.TinyXl}:0.5", "-o", "none").Ended(1).Error;
        Assert.Contains("sd1", error);
        Assert.Contains("sdxl", error);
    }

    [Theory]
    [InlineData("--with", "same:0.4"), InlineData("--plus", "same", "--minus", "same", "--times", "0.3")]
    public void ModelsThatAreEqualLeaveEveryBitAndThatIsTold(params string[] way)
    {
        using var folder = new TemporaryFolder();
        Cli.RunIn(folder.Path, "convert", MadeFiles.Emoji, "same").Ended(0);
        string told = Cli.RunIn(folder.Path, ["merge", "-m", MadeFiles.Emoji, .. way, "-o", "mixed"]).Ended(0).Out.ReplaceLineEndings(" ");
        Assert.Matches("changed +0 weights", told);
        Assert.Contains("has another value than before", told);
        Assert.DoesNotContain("Write f32", told);
        var (before, after) = (MadeFiles.Weights(MadeFiles.Emoji), MadeFiles.Weights(folder["mixed"]));
        Assert.All(before, weight => Assert.Equal(weight.Value, after[weight.Key]));
        Assert.Contains("none.xyz ends as a file does", Cli.RunIn(folder.Path, ["merge", "-m", MadeFiles.Emoji, .. way, "-o", "none.xyz"]).Ended(1).Error);
    }

    [Theory]
    [InlineData("convert", "a.safetensors", "OUT", "--to", "kohya"), InlineData("resize", "a.safetensors", "OUT", "--rank", "2")]
    [InlineData("merge", "-a", "a.safetensors", "-a", "a.safetensors", "--method", "cat", "-o", "OUT")]
    public void ABaseModelThatIsReadIsNotReplacedByAnAdapter(params string[] command)
    {
        using var folder = new TemporaryFolder();
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.TinyXl);
        foreach (string file in Directory.GetFiles(MadeFiles.TinyXl, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder["base"], Path.GetRelativePath(MadeFiles.TinyXl, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        string weights = Directory.GetFiles(Path.Combine(folder["base"], "unet"), "*.safetensors").Single();
        byte[] before = File.ReadAllBytes(weights);
        string[] typed = [.. command.Select(word => word == "OUT" ? weights : word), "-m", "base", "--overwrite"];
        Assert.Contains("is the output and a file of the input base too", Cli.RunIn(folder.Path, typed).Ended(1).Error.ReplaceLineEndings(" "));
        Assert.Equal(before, File.ReadAllBytes(weights));
    }

    [Fact]
    public void AdaptersIntoOneAdapterExactlyAndOtherwise()
    {
        using var folder = new TemporaryFolder();
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.Emoji, seed: 1);
        MadeFiles.Adapter(folder["b.safetensors"], MadeFiles.Emoji, seed: 2, dialect: "peft");
        Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "-a", "a.safetensors:0.8", "-a", "b.safetensors:0.5", "--method", "cat", "-o", "both.safetensors").Ended(0);
        Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "-a", "a.safetensors:0.8", "-a", "b.safetensors:0.5", "-o", "two", "--dtype", "f32").Ended(0);
        Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "-a", "both.safetensors", "-o", "one", "--dtype", "f32").Ended(0);
        MadeFiles.AssertClose(MadeFiles.Weights(folder["two"]), MadeFiles.Weights(folder["one"]), 1e-5);

        foreach (string name in new[] { "x", "y" })
            Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "-a", "a.safetensors", "-a", "b.safetensors", "--method", "dare_ties_svd", "--rank", "3", "--density", "0.4", "--seed", "7", "-o", $"{name}.safetensors").Ended(0);
        Assert.Equal(File.ReadAllBytes(folder["x.safetensors"]), File.ReadAllBytes(folder["y.safetensors"]));
        var json = JsonDocument.Parse(Cli.RunIn(folder.Path, "inspect", "x.safetensors", "--json").Ended(0).Out).RootElement;
        Assert.True(json.GetProperty("adapter").GetProperty("ranks").TryGetProperty("3", out _));
        Assert.Equal("3", json.GetProperty("file").GetProperty("metadata").GetProperty("ss_network_dim").GetString());
    }

    [Fact]
    public void AdaptersOfTwoBaseModelsDoNotGoTogetherAndBothAreNamed()
    {
        using var folder = new TemporaryFolder();
        Tiny.Lora(folder["one.safetensors"], textWidth: 768);
        Tiny.Lora(folder["xl.safetensors"], textWidth: 2048);
        string error = Cli.RunIn(folder.Path, "merge", "-a", "one.safetensors", "-a", "xl.safetensors", "-o", "both.safetensors").Ended(1).Error;
        Assert.Contains("one.safetensors for SD 1.x", error);
        Assert.Contains("xl.safetensors for SDXL", error);
        error = Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.TinyXl, "-a", "one.safetensors", "-o", "merged").Ended(1).Error;
        Assert.Contains("SD 1.x", error);
        Assert.Contains("SDXL", error);
        Assert.False(Directory.Exists(folder["merged"]));
    }

    [Theory]
    [InlineData("What is to be merged", "merge", "-o", "x")]
    [InlineData("--plus and --minus", "merge", "-m", "m", "--plus", "p", "-o", "x")]
    [InlineData("--base-model", "merge", "--with", "m:0.5", "-o", "x")]
    [InlineData("two calls", "merge", "-m", "m", "--with", "m:0.5", "-a", "a", "-o", "x")]
    [InlineData("not understood", "merge", "-m", "m", "-a", "a:1:xx=1", "-o", "x")]
    [InlineData("dialect", "merge", "-m", "m", "-a", "a", "--to", "kohya", "-o", "x")]
    [InlineData("--density is given, and the way cat does not use it", "merge", "-a", "a", "-o", "x", "--density", "0.5")]
    [InlineData("--seed is given, and a merge of adapters into a base model", "merge", "-m", "m", "-a", "a", "-o", "x", "-s", "0")]
    [InlineData("--whole holds changes as they are, and --full-svd", "extract", "-m", "m", "-t", "t", "-o", "x.safetensors", "--whole", "--full-svd")]
    public void PartsThatDoNotGoTogetherAreUsageErrors(string said, params string[] args)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(said, Cli.RunIn(folder.Path, args).Ended(2).Error);
    }
}
