using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

public sealed class CheckpointTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("lowrank-checkpoint-").FullName;

    public void Dispose() => Directory.Delete(root, true);

    string In(string name) => Path.Combine(root, name);

    // A tiny model as a single file, with tensors taken away, added or changed.
    string Single(string family, Func<Dictionary<string, Tensor>, IEnumerable<KeyValuePair<string, Tensor>>>? change = null, IReadOnlyDictionary<string, string>? metadata = null)
    {
        string path = In($"{family}.safetensors");
        ToFile(Folders.Tiny(family), path, overwrite: true);
        if (change is null) return path;
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors;
        using (var file = Containers.Open(path)) tensors = file.Tensors.ToDictionary(tensor => tensor.Name, tensor => file.Read(tensor.Name));
        Safetensors.Save(path, change(tensors), metadata);
        return path;
    }

    static ConversionReport ToFile(string folder, string file, bool overwrite = false) =>
        CheckpointConversion.ToFile(folder, file, overwrite, cancel: TestContext.Current.CancellationToken);

    static ConversionReport ToFolder(string file, string folder, CheckpointOptions? options = null) =>
        CheckpointConversion.ToFolder(file, folder, options, cancel: TestContext.Current.CancellationToken);

    static CheckpointOptions Like(string family) => new() { Config = Folders.Tiny(family) };

    static StableDiffusion Load(string path, CheckpointOptions options) => StableDiffusion.Load(path, Storage.Default, options: options);

    static string Fault(Action action) => Assert.Throws<LowrankException>(action).Message;

    [Theory]
    [InlineData("sd1")]
    [InlineData("sd2")]
    [InlineData("sdxl")]
    public void AFolderThatBecomesAFileAndAFolderAgainIsTheSameModel(string family)
    {
        string file = Single(family), folder = In("again");
        var report = ToFolder(file, folder, Like(family));
        Assert.Equal(family, report.Family);
        using var first = StableDiffusion.Load(Folders.Tiny(family), Storage.Default);
        using var second = StableDiffusion.Load(folder, Storage.Default);
        using var third = Load(file, Like(family));
        foreach (var other in new[] { second, third })
        {
            Same(first.UNet, other.UNet);
            Same(first.Vae, other.Vae);
            Same(first.TextEncoder, other.TextEncoder);
            Assert.Equal(first.Scheduler, other.Scheduler);
        }
        Assert.Equal(Path.GetFileNameWithoutExtension(file), third.Name);
    }

    static void Same(nn.Module first, nn.Module second)
    {
        var others = second.state_dict();
        foreach (var (name, tensor) in first.state_dict()) Assert.True(tensor.bytes.SequenceEqual(others[name].bytes), name);
    }

    [Fact]
    public void AnInpaintingNetworkIsToldByItsNineChannels()
    {
        string folder = Folders.Copy(Folders.Tiny("sd1"));
        foreach (string name in new[] { "config.json", "diffusion_pytorch_model.safetensors" })
            File.Copy(Path.Combine(Folders.Tiny("inpaint"), "unet", name), Path.Combine(folder, "unet", name), overwrite: true);
        ToFile(folder, In("inpaint.safetensors"));
        using (var checkpoint = ModelCheckpoint.Open(In("inpaint.safetensors")))
            Assert.True(checkpoint.Kind is { Family: "sd1", Inpainting: true, InChannels: 9 });
        ToFolder(In("inpaint.safetensors"), In("made"), new() { Config = folder });
        Assert.Contains("StableDiffusionInpaintPipeline", File.ReadAllText(In("made/model_index.json")), StringComparison.Ordinal);
        Assert.True(BaseModelInspection.Inspect(In("made")).Inpainting);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void AveragesAreTakenWhereAskedAndOnlyWhenWhole()
    {
        const string weights = "model.diffusion_model.";
        KeyValuePair<string, Tensor> Average(KeyValuePair<string, Tensor> pair) =>
            new("model_ema." + pair.Key["model.".Length..].Replace(".", "", StringComparison.Ordinal), ones_like(pair.Value));
        string path = Single("sd1", all => all.Concat(all.Where(pair => pair.Key.StartsWith(weights, StringComparison.Ordinal)).Select(Average)));
        using (var checkpoint = ModelCheckpoint.Open(path)) Assert.True(checkpoint.Kind.HoldsAverages);
        using (var averaged = Load(path, Like("sd1") with { UseAverages = true }))
            Assert.All(averaged.UNet.parameters(), parameter => Assert.Equal(1, parameter.min().item<float>()));
        using (var plain = Load(path, Like("sd1")))
            Assert.NotEqual(1, plain.UNet.parameters().First().min().item<float>());

        string few = Single("sd1", all => all.Append(Average(all.First(pair => pair.Key.StartsWith(weights, StringComparison.Ordinal)))));
        Assert.Contains("averages (EMA) of 1 of", Fault(() => Load(few, Like("sd1") with { UseAverages = true })), StringComparison.Ordinal);
    }

    [Fact]
    public void EightBitFloatsKeepTheirBitsInAFolderAndLoadAsNumbers()
    {
        string path = Single("sd1", all => all.Select(pair => pair.Key.StartsWith("model.", StringComparison.Ordinal)
            ? new(pair.Key, pair.Value.to(TensorDtype.F8_E4M3.ToScalarType())) : pair));
        ToFolder(path, In("made"), Like("sd1"));
        ToFile(In("made"), In("back.safetensors"));
        byte[] Data(string file) => File.ReadAllBytes(file)[(8 + (int)BitConverter.ToInt64(File.ReadAllBytes(file)))..];
        Assert.Equal(Data(path), Data(In("back.safetensors")));
        using var model = Load(path, Like("sd1"));
        Assert.All(model.UNet.parameters(), parameter => Assert.True(parameter.isfinite().all().item<bool>()));
        Assert.Contains("F8_E4M3", BaseModelInspection.Inspect(In("made")).Components.Single(part => part.Name == "unet").Dtypes.Keys);
    }

    // As ComfyUI stores them: the weight over its scale in float8, the scale beside.
    [Theory]
    [InlineData(".scale_weight", ".scale_input", "scaled_fp8")]
    [InlineData(".weight_scale", ".input_scale", null)]
    [InlineData(".weight_scale", ".comfy_quant", null)]
    public void EightBitFloatsWithScalesLoadAsTheWeightsThatTheyStandFor(string scale, string beside, string? mark)
    {
        const double Scale = 0.0078125;   // a power of two: the scale itself rounds nothing
        Tensor Rounded(Tensor weight) => (weight / Scale).clamp(-448, 448).to(TensorDtype.F8_E4M3.ToScalarType());
        static bool IsScaled(string key) => key.StartsWith("model.", StringComparison.Ordinal) && key.EndsWith("attn1.to_q.weight", StringComparison.Ordinal);
        string path = Single("sd1", all => all.SelectMany(pair => !IsScaled(pair.Key) ? [pair] : new KeyValuePair<string, Tensor>[]
        {
            new(pair.Key, Rounded(pair.Value)), new(pair.Key[..^".weight".Length] + scale, tensor((float)Scale)), new(pair.Key[..^".weight".Length] + beside, ones(1)),
        }).Concat(mark is null ? [] : [new(mark, empty(0, dtype: TensorDtype.F8_E4M3.ToScalarType()))]));
        using var plain = StableDiffusion.Load(Folders.Tiny("sd1"), Storage.Default);
        using var model = Load(path, Like("sd1"));
        var others = plain.UNet.state_dict();
        int scaled = 0;
        foreach (var (name, weight) in model.UNet.state_dict())
        {
            bool isScaled = name.EndsWith("attn1.to_q.weight", StringComparison.Ordinal);
            if (isScaled) scaled++;
            // Three bits of mantissa.
            Assert.True(weight.allclose(others[name], isScaled ? 1 / 16.0 : 0, isScaled ? 1e-5 : 0), name);
        }
        Assert.True(scaled > 0);
        Assert.Contains(BaseModelInspection.Inspect(path).Notes, note => note.Contains($"{scaled} weights are stored with a scale", StringComparison.Ordinal));
        // Without the scale beside it, the numbers would be others: such a file is written as float32.
        ToFolder(path, In("scaled"), Like("sd1"));
        using var folder = StableDiffusion.Load(In("scaled"), Storage.Default);
        Same(model.UNet, folder.UNet);
    }

    [Fact]
    public void ScalesOfNoWeightAndOfWholeNumbersAreToldAndRefused()
    {
        string lost = Single("sd1", all => all.Append(new("model.diffusion_model.gone.scale_weight", ones(1))));
        Assert.Contains("gone.scale_weight", Fault(() => Load(lost, Like("sd1"))), StringComparison.Ordinal);
        const string key = "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_q";
        string whole = Single("sd1", all => all.Select(pair => pair.Key == key + ".weight" ? new(pair.Key, pair.Value.to(ScalarType.Int8)) : pair)
            .Append(new(key + ".weight_scale", ones(1))));
        Assert.Contains(key + ".weight_scale", Fault(() => Load(whole, Like("sd1"))), StringComparison.Ordinal);
        using var passed = Load(whole, Like("sd1") with { AllowUnmatched = true });
        Assert.Contains("holds Int8, and a weight is a float", Fault(() => passed.UNet.Dispose()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sd1")]
    [InlineData("sdxl")]
    public void MarksOfVelocityAndOfZeroNoiseAreRecognizedAndShown(string family)
    {
        string path = Single(family, all => all.Append(new("v_pred", empty(0))).Append(new("ztsnr", empty(0))));
        using (var checkpoint = ModelCheckpoint.Open(path))
        {
            var noise = checkpoint.Noise(out string? guess);
            Assert.Equal((PredictionType.Velocity, true, TimestepSpacing.Trailing), (noise.Prediction, noise.RescaleBetasZeroSnr, noise.Spacing));
            Assert.Null(guess);
            Assert.Empty(checkpoint.Unknown);
        }
        var report = BaseModelInspection.Inspect(path);
        Assert.Equal((PredictionType.Velocity, true), (report.Prediction, report.EndsInNoise));
    }

    [Fact]
    public void WhatIsNotWholeOrOfAnotherKindIsSaid()
    {
        string path = Single("sd1");
        Assert.Contains("is a Stable Diffusion 1 checkpoint (sd1), and sdxl is wanted", Fault(() => Load(path, new() { Family = "sdxl" })), StringComparison.Ordinal);
        Assert.Contains("cannot be told from the weights", Fault(() => Load(path, new())), StringComparison.Ordinal);
        Assert.Contains("does not exist", Fault(() => Load(path, new() { Config = In("nowhere") })), StringComparison.Ordinal);
        Assert.Contains("sd2", Fault(() => Load(path, Like("sd2"))), StringComparison.Ordinal);
        Assert.Contains("leave out the config", Fault(() => Load(Folders.Tiny("sd1"), Like("sd1"))), StringComparison.Ordinal);

        File.WriteAllBytes(In("cut.safetensors"), File.ReadAllBytes(path)[..^1000]);
        Assert.Contains("Is the download incomplete?", Fault(() => Load(In("cut.safetensors"), Like("sd1"))), StringComparison.Ordinal);

        string broken = Single("sd1", all => all.Where(pair => pair.Key != "model.diffusion_model.input_blocks.0.0.bias"));
        using (var model = Load(broken, Like("sd1")))
            Assert.Contains("conv_in.bias is missing", Fault(() => model.UNet.Dispose()), StringComparison.Ordinal);
        Assert.Contains("conv_in.bias is missing", Fault(() => ToFolder(broken, In("broken"), Like("sd1"))), StringComparison.Ordinal);
        Assert.False(Directory.Exists(In("broken")));

        Safetensors.Save(In("lora.safetensors"), [new("lora_unet_conv_in.lora_down.weight", ones(1, 2))]);
        Assert.Contains("looks like an adapter", Fault(() => Load(In("lora.safetensors"), new())), StringComparison.Ordinal);
    }

    [Fact]
    public void APartThatLacksIsNamedAndTakenFromTheConfigWhereGiven()
    {
        string path = Single("sd1", all => all.Where(pair => !pair.Key.StartsWith("cond_stage_model.", StringComparison.Ordinal)));
        string fault = Fault(() => Load(path, new()));
        Assert.Contains("holds no text encoder", fault, StringComparison.Ordinal);
        Assert.Contains("CheckpointOptions.Config", fault, StringComparison.Ordinal);
        using var model = Load(path, Like("sd1"));
        Assert.Contains(model.Notes, note => note.Contains("lacks text_encoder", StringComparison.Ordinal));
        using var whole = StableDiffusion.Load(Folders.Tiny("sd1"), Storage.Default);
        Same(whole.TextEncoder, model.TextEncoder);
        Assert.Contains(BaseModelInspection.Inspect(path).Notes, note => note.Contains("lacks text_encoder", StringComparison.Ordinal));
    }

    [Fact]
    public void KeysThatAreNotKnownAreToldOfAndInsideAPartTheyAreAnError()
    {
        string beside = Single("sd1", all => all.Append(new("control_model.zero", ones(1))).Append(new("betas", ones(1))));
        using (var model = Load(beside, Like("sd1")))
            Assert.Contains(model.Notes, note => note.Contains("control_model.zero", StringComparison.Ordinal));
        string inside = Single("sd1", all => all.Append(new("model.diffusion_model.input_blocks.1.1.motion.weight", ones(1))));
        Assert.Contains("input_blocks.1.1.motion.weight", Fault(() => Load(inside, Like("sd1"))), StringComparison.Ordinal);
        Load(inside, Like("sd1") with { AllowUnmatched = true }).Dispose();
    }

    [Fact]
    public void WhatAnSd2FilePredictsIsFoundInWhatItSaysBeforeItIsGuessed()
    {
        const string telling = "model.diffusion_model.output_blocks.11.1.transformer_blocks.0.norm1.bias";
        PredictionType Of(double deviation, IReadOnlyDictionary<string, string>? metadata, out string? note, params (string Key, Tensor Value)[] more)
        {
            string path = Single("sd2", all => all.Select(pair => pair.Key != telling ? pair : new(telling, tensor(new[] { -deviation, deviation }).repeat(pair.Value.shape[0] / 2)))
                .Concat(more.Select(pair => new KeyValuePair<string, Tensor>(pair.Key, pair.Value))), metadata);
            using var checkpoint = ModelCheckpoint.Open(path);
            return checkpoint.Noise(out note).Prediction;
        }
        Assert.Equal(PredictionType.Velocity, Of(0.5, null, out string? guess));
        Assert.Contains("guessed from its weights to be v", guess, StringComparison.Ordinal);
        Assert.Equal(PredictionType.Epsilon, Of(0.01, null, out guess));
        Assert.Contains("guessed from its weights to be the noise", guess, StringComparison.Ordinal);
        Assert.Equal(PredictionType.Velocity, Of(0.01, new Dictionary<string, string> { ["modelspec.prediction_type"] = "v" }, out guess));
        Assert.Null(guess);
        Assert.Equal(PredictionType.Epsilon, Of(0.5, null, out guess, ("global_step", tensor(875000L))));
        Assert.Null(guess);
        File.WriteAllText(In("sd2.yaml"), "model:\n  params:\n    parameterization: \"v\"\n");
        Assert.Equal(PredictionType.Velocity, Of(0.01, null, out guess));
        Assert.Null(guess);
        using var asked = Load(In("sd2.safetensors"), Like("sd2") with { Prediction = PredictionType.Epsilon });
        Assert.Equal(PredictionType.Epsilon, asked.Scheduler.Prediction);
    }

    [Fact]
    public void AModelOfXLThatPredictsVStaysOneInASingleFile()
    {
        string folder = Folders.Copy(Folders.Tiny("sdxl"));
        Folders.Edit(folder, "scheduler/scheduler_config.json", "\"epsilon\"", "\"v_prediction\"");
        ToFile(folder, In("v.safetensors"));
        using var checkpoint = ModelCheckpoint.Open(In("v.safetensors"));
        Assert.Equal(PredictionType.Velocity, checkpoint.Noise(out string? guess).Prediction);
        Assert.Null(guess);
        Assert.Empty(checkpoint.Unknown);
        Assert.Equal(["v_pred"], checkpoint.Unused);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void AConversionWritesAllOrNothingAndNeverOverWhatIsThere()
    {
        string path = Single("sd1");
        Directory.CreateDirectory(In("full"));
        File.WriteAllText(In("full/mine.txt"), "mine");
        Assert.Contains("is not empty", Fault(() => ToFolder(path, In("full"), Like("sd1"))), StringComparison.Ordinal);
        Assert.Contains("name a folder", Fault(() => ToFolder(path, path, Like("sd1"))), StringComparison.Ordinal);
        Assert.Contains("exists", Fault(() => ToFile(Folders.Tiny("sd1"), path)), StringComparison.Ordinal);
        Assert.Contains(".safetensors", Fault(() => ToFile(Folders.Tiny("sd1"), In("x.ckpt"))), StringComparison.Ordinal);
        Assert.Contains("is a file already", Fault(() => ToFile(path, In("x.safetensors"))), StringComparison.Ordinal);
        using var stop = new CancellationTokenSource();
        long last = 0;
        Assert.Throws<OperationCanceledException>(() => CheckpointConversion.ToFolder(path, In("stopped"), Like("sd1"), (done, all) =>
        {
            Assert.True(done > last && done <= all);
            last = done;
            if (done > all / 2) stop.Cancel();
        }, stop.Token));
        Assert.Equal(["full", "sd1.safetensors"], Directory.EnumerateFileSystemEntries(root).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void WhatAFileCannotHoldIsSaid()
    {
        var report = ToFile(Folders.Emoji, In("emoji.safetensors"));
        Assert.Contains(report.Notes, note => note.Contains("tokenizer is not CLIP's own", StringComparison.Ordinal));
        using var checkpoint = ModelCheckpoint.Open(In("emoji.safetensors"));
        Assert.Empty(checkpoint.Unknown);
        Assert.Equal(report.Tensors, checkpoint.Kind.Parts.Sum(part => checkpoint.Part(part).Tensors.Count));
    }

    [Fact]
    public void ConvertingLeaksNothing() => LeakGuard.NoTensorLeaks(() =>
    {
        ToFile(Folders.Tiny("sdxl"), In("x.safetensors"));
        ToFolder(In("x.safetensors"), In("x"), Like("sdxl"));
    });
}
