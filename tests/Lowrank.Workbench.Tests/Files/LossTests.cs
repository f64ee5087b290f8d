namespace Lowrank.Workbench.Tests;

/// <summary>What is lost on the way from file to file is told, and nothing is lost unasked.</summary>
public sealed class LossTests : IDisposable
{
    const string Block = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_";

    static readonly BaseModelChoice emoji = new(EmojiModel.Folder);

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // A LoRA of rank 2 over two layers, the larger of which may have another dtype and another alpha.
    string Lora(string name, double size, ScalarType small, ScalarType large, double alpha = 2, double? largeAlpha = null)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var tensors = new List<KeyValuePair<string, Tensor>>();
        var layers = new[] { ("attn1_to_q", 64, 64, small, alpha), ("ff_net_0_proj", 512, 64, large, largeAlpha ?? alpha) };
        foreach (var (layer, outputs, inputs, dtype, its) in layers)
        {
            tensors.Add(new($"{Block}{layer}.lora_down.weight", (randn(2, inputs, generator: generator, dtype: ScalarType.Float64) * size).to(dtype)));
            tensors.Add(new($"{Block}{layer}.lora_up.weight", (randn(outputs, 2, generator: generator, dtype: ScalarType.Float64) * size).to(dtype)));
            tensors.Add(new($"{Block}{layer}.alpha", tensor((float)its)));
        }
        string path = folder[name];
        Safetensors.Save(path, tensors, null);
        return path;
    }

    [Fact]
    public void AFileOfTwoDtypesIsWrittenInTheOneThatHoldsBoth()
    {
        string mixed = Lora("mixed.safetensors", 0.1, ScalarType.Float32, ScalarType.Float16), output = folder["out.safetensors"];
        var report = RunJobs.Convert(new(mixed, output) { Base = emoji });
        Assert.Contains(report.Notes, note => note.Contains("F32, F16", StringComparison.Ordinal) && note.Contains("Float32", StringComparison.Ordinal));
        Assert.Equal(0, RunJobs.Verify(new(mixed, output) { Base = emoji }).Largest);
        var resized = RunJobs.Resize(new(mixed, new(folder["resized.safetensors"], null), new() { Rank = 2 }) { Base = emoji });
        Assert.Contains(resized.Notes, note => note.Contains("F32, F16", StringComparison.Ordinal));
        Assert.True(RunJobs.Verify(new(mixed, folder["resized.safetensors"]) { Base = emoji, Tolerance = 1e-5 }).Equal);
        // The two 16-bit floats do not hold each other.
        Assert.Equal(ScalarType.Float32, DtypeOf(Lora("halves.safetensors", 0.1, ScalarType.BFloat16, ScalarType.Float16)));
        Assert.Equal(ScalarType.BFloat16, DtypeOf(Lora("one.safetensors", 0.1, ScalarType.BFloat16, ScalarType.BFloat16)));
    }

    // The same file with dropouts of its training.
    string Dropped(string name, string share)
    {
        string plain = Lora("plain.safetensors", 0.1, ScalarType.Float32, ScalarType.Float32), path = folder[name];
        using var scope = NewDisposeScope();
        using var file = Safetensors.Open(plain);
        Safetensors.Save(path, file.Tensors.ToDictionary(t => t.Name, t => file.Read(t.Name)), new Dictionary<string, string>
        {
            ["ss_network_dim"] = "2", ["ss_network_dropout"] = share,
            ["ss_network_args"] = $$"""{"conv_dim": "4", "rank_dropout": "{{share}}"}""",
        });
        return path;
    }

    [Fact]
    public void DropoutsOfTheTrainingGoAlongOrAreNamed()
    {
        string one = Dropped("one.safetensors", "0.1"), two = Dropped("two.safetensors", "0.25");
        var converted = RunJobs.Convert(new(one, folder["peft"]) { Base = emoji, Dialect = "peft" });
        Assert.DoesNotContain(converted.Notes, note => note.Contains("ropout", StringComparison.Ordinal));
        AssertDropouts(folder["peft"]);
        RunJobs.Convert(new(folder["peft"], folder["back.safetensors"]) { Base = emoji, Dialect = "kohya" });
        AssertDropouts(folder["back.safetensors"]);
        var resized = RunJobs.Resize(new(one, new(folder["resized.safetensors"], null), new() { Rank = 1 }) { Base = emoji });
        Assert.DoesNotContain(resized.Notes, note => note.Contains("ropout", StringComparison.Ordinal));
        AssertDropouts(folder["resized.safetensors"]);
        using (var file = AdapterFile.Open(folder["resized.safetensors"])) Assert.DoesNotContain("conv_dim", file.Metadata["ss_network_args"]);
        var merged = RunJobs.Merge(new(folder["merged.safetensors"]) { Adapters = [new(one), new(two)], Base = emoji, Method = "cat" });
        string told = Assert.Single(merged.Notes, note => note.Contains("dropouts of the training", StringComparison.Ordinal));
        Assert.Contains("ss_network_dropout 0.1", told);
        Assert.Contains("ss_network_dropout 0.25", told);
    }

    // What PEFT and diffusers read; of a file that goes on from there it is told once, in the way it was trained in.
    [Fact]
    public void ADropoutStandsInTheFieldsOfEveryDialectThatHasOne()
    {
        string kohya = Dropped("kohya.safetensors", "0.1");
        RunJobs.Convert(new(kohya, folder["peft"]) { Base = emoji, Dialect = "peft" });
        using (var config = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["peft"], "unet", "adapter_config.json"))))
            Assert.Equal(0.1, config.RootElement.GetProperty("lora_dropout").GetDouble());
        RunJobs.Convert(new(kohya, folder["diffusers.safetensors"]) { Base = emoji, Dialect = "diffusers" });
        Assert.Equal(0.1, InHeader(folder["diffusers.safetensors"]));
        RunJobs.Convert(new(folder["diffusers.safetensors"], folder["back.safetensors"]) { Base = emoji, Dialect = "kohya" });
        foreach (string file in new[] { "peft", "diffusers.safetensors", "back.safetensors" })
        {
            AssertDropouts(folder[file]);
            using var read = AdapterFile.Open(folder[file]);
            var told = TrainedDropouts.Of(read.Metadata);
            Assert.Equal(2, told.Fields.Count);
            Assert.Empty(told.Arguments);
        }
        string configured = Path.Combine(folder["peft"], "unet", "adapter_config.json");
        File.WriteAllText(configured, File.ReadAllText(configured).Replace("\"lora_dropout\": 0.1", "\"lora_dropout\": 0.25", StringComparison.Ordinal));
        RunJobs.Convert(new(folder["peft"], folder["other.safetensors"]) { Base = emoji, Dialect = "diffusers" });
        Assert.Equal(0.25, InHeader(folder["other.safetensors"]));
    }

    static double InHeader(string path)
    {
        using var file = AdapterFile.Open(path);
        using var told = System.Text.Json.JsonDocument.Parse(file.Metadata["lora_adapter_metadata"]);
        return told.RootElement.GetProperty("unet.lora_dropout").GetDouble();
    }

    [Theory, InlineData("1.5"), InlineData("-1"), InlineData("NaN")]
    public void ADropoutThatCannotBeIsTold(string share)
    {
        string odd = Dropped("odd.safetensors", share), said = $"ss_network_dropout {share} is no share from 0 to below 1: it counts as no dropout.";
        Assert.Contains(said, RunJobs.Convert(new(odd, folder["out.safetensors"]) { Base = emoji }).Notes);
        Assert.Contains(said, RunJobs.Resize(new(odd, new(folder["resized.safetensors"], null), new() { Rank = 1 }) { Base = emoji }).Notes);
        Assert.Contains(said, new InspectingJob().Run(new(odd), null, TestContext.Current.CancellationToken)[0].Adapter!.Health);
    }

    [Fact]
    public void ArgumentsThatCannotBeReadAreTold()
    {
        var told = TrainedDropouts.Of(new Dictionary<string, string> { ["ss_network_args"] = "{bad" });
        Assert.StartsWith("ss_network_args is no object of fields", Assert.Single(told.Oddities));
        Assert.Empty(TrainedDropouts.Of(new Dictionary<string, string> { ["ss_network_args"] = "None", ["ss_network_dropout"] = "None" }).Oddities);
    }

    static void AssertDropouts(string path)
    {
        using var file = AdapterFile.Open(path);
        var told = TrainedDropouts.Of(file.Metadata);
        Assert.Equal((0.1, 0.1, 0.0), (told.Dropout, told.RankDropout, told.ModuleDropout));
    }

    static ScalarType DtypeOf(string path)
    {
        using var file = AdapterFile.Open(path);
        return AdapterConversion.DtypeOf(file);
    }

    [Fact]
    public void DoublesThatFloat32CannotHoldAreCounted()
    {
        string doubles = Lora("doubles.safetensors", 1e-50, ScalarType.Float64, ScalarType.Float64);
        var report = RunJobs.Convert(new(doubles, folder["out.safetensors"]) { Base = emoji });
        Assert.Contains(report.Notes, note => note.Contains("1408 of 1410 values (99.9 %) are too small for Float32", StringComparison.Ordinal)
            || note.Contains("1408 of 1408 values (100.0 %) are too small for Float32", StringComparison.Ordinal));
        Assert.Contains(report.Notes, note => note.Contains("are F64", StringComparison.Ordinal));
    }

    [Fact]
    public void AMergeCountsWeightsOfWhichAValueIsAnother()
    {
        string tiny = Lora("tiny.safetensors", 1e-5, ScalarType.Float32, ScalarType.Float32);
        var lost = RunJobs.Merge(new(folder["lost"]) { Base = emoji, Adapters = [new(tiny)], Device = "cpu" });
        Assert.Equal(0, lost.Changed);
        Assert.Contains(lost.Notes, note => note.Contains("2 of 2 weights", StringComparison.Ordinal));
        Assert.Contains(lost.Notes, note => note.Contains("Write f32 to keep it", StringComparison.Ordinal));
        string half = Lora("half.safetensors", 0.3, ScalarType.Float32, ScalarType.Float32, largeAlpha: 0);
        Assert.Equal(1, RunJobs.Merge(new(folder["half"]) { Base = emoji, Adapters = [new(half)], Device = "cpu" }).Changed);
        var none = RunJobs.Merge(new(folder["none"]) { Base = emoji, Plus = EmojiModel.Folder, Minus = EmojiModel.Folder });
        Assert.Equal(0, none.Changed);
        string plain = Lora("plain.safetensors", 0.3, ScalarType.Float32, ScalarType.Float32);
        Assert.Equal(2, RunJobs.Merge(new(folder["plain"]) { Base = emoji, Adapters = [new(plain)], Device = "cpu" }).Changed);
    }

    [Fact]
    public void AnAdapterWhoseChangeIsNothingIsNotMerged()
    {
        string off = Lora("off.safetensors", 0.1, ScalarType.Float32, ScalarType.Float32, alpha: 0);
        var nothing = Assert.Throws<LowrankException>(() => RunJobs.Merge(new(folder["off"]) { Base = emoji, Adapters = [new(off)], Device = "cpu" }));
        Assert.Equal($"{off} adds nothing: the change of all its 2 layers is zero. Was it trained, and saved after that? Nothing is written.", nothing.Message);
        Assert.False(Path.Exists(folder["off"]));
    }

    [Fact]
    public void WhatChangedOutsideOfTheChosenLayersIsTold()
    {
        string adapter = folder["a.safetensors"];
        using (var scope = NewDisposeScope())
            Safetensors.Save(adapter,
            [
                KeyValuePair.Create($"{Block}attn1_to_q.lora_down.weight", ones(1, 64) * 0.1),
                KeyValuePair.Create($"{Block}attn1_to_q.lora_up.weight", ones(64, 1) * 0.1),
                KeyValuePair.Create("lora_unet_down_blocks_0_resnets_0_conv1.lora_down.weight", ones(1, 64, 3, 3) * 0.1),
                KeyValuePair.Create("lora_unet_down_blocks_0_resnets_0_conv1.lora_up.weight", ones(64, 1, 1, 1) * 0.1),
            ], null);
        RunJobs.Merge(new(folder["tuned"]) { Base = emoji, Adapters = [new(adapter)], Dtype = ScalarType.Float32, Device = "cpu" });
        var notes = Extracted("some", null).Notes;
        Assert.Contains(notes, note => note.StartsWith("1 weights outside of the chosen layers changed too", StringComparison.Ordinal)
            && note.Contains("unet.down_blocks.0.resnets.0.conv1", StringComparison.Ordinal) && note.Contains("`layers` all", StringComparison.Ordinal));
        Assert.DoesNotContain(Extracted("all", ExtractedLayers.All).Notes, note => note.Contains("outside of the chosen layers", StringComparison.Ordinal));
    }

    ReworkReport Extracted(string name, ExtractedLayers? layers) => new ExtractingJob().Run(
        new(emoji, folder["tuned"], new(folder[$"{name}.safetensors"], "kohya")) { Ranks = new() { Rank = 1 }, Layers = layers, Device = "cpu" },
        null, TestContext.Current.CancellationToken);

    [Fact]
    public void WhatMeansSomethingForAdaptersAloneIsRefusedForABaseModel()
    {
        foreach (var (request, option) in new[]
        {
            (new ConvertingRequest(EmojiModel.Folder, folder["x"]) { LeaveOut = ["attn1"] }, "`leave out`"),
            (new ConvertingRequest(EmojiModel.Folder, folder["x"]) { OptionalLevels = true }, "`text model`"),
            (new ConvertingRequest(EmojiModel.Folder, folder["x"]) { Base = emoji }, "`base model`"),
        })
            Assert.Contains(option, Assert.Throws<RequestException>(() => RunJobs.Convert(request)).Message);
        Assert.False(Directory.Exists(folder["x"]));
    }
}
