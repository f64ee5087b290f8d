using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>A model of XL's refiner's kind, from a single file and from the folder that is made of it.</summary>
public sealed class RefinerTests(RefinerTests.Files files) : IClassFixture<RefinerTests.Files>
{
    /// <summary>The model in both layouts, written once.</summary>
    public sealed class Files : IDisposable
    {
        readonly TemporaryFolder folder = new();

        public Files()
        {
            TinyRefiner.Write(Single);
            CheckpointConversion.ToFolder(Single, Folder);
        }

        public string Single => folder["refiner.safetensors"];

        public string Folder => folder["refiner"];

        public string New(string name) => folder[name];

        public void Dispose() => folder.Dispose();
    }

    static StableDiffusion Load(string path) => StableDiffusion.Load(path, Lowrank.Torch.Layers.Storage.Default);

    static GenerateOptions Options => new() { Prompt = "a fox", NegativePrompt = "bad", Width = 64, Height = 64, Steps = 2, Seeds = [7] };

    static Tensor Latents(StableDiffusion model, GenerateOptions options) =>
        new TextToImage(model, Precision.Float32, CPU).Latents(options, cancel: TestContext.Current.CancellationToken);

    [Fact]
    public void AFileAndItsFolderAreTheSameModel()
    {
        using var scope = NewDisposeScope();
        using StableDiffusion single = Load(files.Single), folder = Load(files.Folder);
        Assert.All([single, folder], model => Assert.Equal("sdxl-refiner", model.Family));
        Assert.All([single, folder], model => Assert.Null(model.TextEncoder2));
        Assert.All([single, folder], model => Assert.False(model.ForceZerosForEmptyPrompt));
        Assert.All([single, folder], model => Assert.Equal((32, 224), (model.UNetConfig.AddedTimeWidth, model.UNetConfig.AddedInputWidth)));
        Assert.Equal(single.Tokenizer.Encode("a"), folder.Tokenizer.Encode("a"));
        Assert.Equal(0, (Latents(single, Options) - Latents(folder, Options)).abs().max().ToSingle());
    }

    [Fact]
    public void TheFolderSaysWhatDiffusersSays()
    {
        string index = File.ReadAllText(Path.Combine(files.Folder, "model_index.json"));
        Assert.Contains("\"StableDiffusionXLImg2ImgPipeline\"", index, StringComparison.Ordinal);
        Assert.Contains("\"requires_aesthetics_score\": true", index, StringComparison.Ordinal);
        Assert.Contains("\"force_zeros_for_empty_prompt\": false", index, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(files.Folder, "text_encoder")));
        Assert.True(File.Exists(Path.Combine(files.Folder, "tokenizer_2", "vocab.json")));
        Assert.Contains("\"pad_token\": \"!\"", File.ReadAllText(Path.Combine(files.Folder, "tokenizer_2", "special_tokens_map.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void BackInAFileEveryTensorHasItsNameAndItsBits()
    {
        string back = files.New("back.safetensors");
        CheckpointConversion.ToFile(files.Folder, back, cancel: TestContext.Current.CancellationToken);
        using ITensorFile first = Containers.Open(files.Single), second = Formats.Containers.Open(back);
        Assert.Equal("stable-diffusion-xl-v1-refiner", second.Metadata["modelspec.architecture"]);
        Assert.Equal(first.Tensors.Select(tensor => tensor.Name).Order(), second.Tensors.Select(tensor => tensor.Name).Order());
        foreach (string name in first.Tensors.Select(tensor => tensor.Name))
        {
            using Tensor one = first.Read(name), other = second.Read(name);
            Assert.True(one.equal(other).all().ToBoolean(), name);
        }
    }

    [Fact]
    public void BothLayoutsAreLookedIntoAndOutlined()
    {
        foreach (string path in new[] { files.Single, files.Folder })
        {
            var report = BaseModelInspection.Inspect(path);
            Assert.Equal(("sdxl-refiner", "Stable Diffusion XL refiner", "StableDiffusionXLImg2ImgPipeline"), (report.Family, report.Title, report.PipelineClass));
            Assert.Empty(report.Notes);
            using var outline = ModelKinds.Outline(path);
            Assert.Equal(["unet", "text_encoder_2"], outline.Describe().Components.Select(component => component.Name));
        }
    }

    [Fact]
    public void ThePublishedShapeIsReadFromAFolderWithoutAnIndexByItsLevels()
    {
        using var model = ModelKinds.Published("sdxl-refiner");
        Assert.Equal("sdxl-refiner", model.Family);
        string copy = files.New("unet-alone");
        Directory.CreateDirectory(Path.Combine(copy, "unet"));
        foreach (string file in Directory.EnumerateFiles(Path.Combine(files.Folder, "unet"))) File.Copy(file, Path.Combine(copy, "unet", Path.GetFileName(file)));
        using var outline = ModelKinds.Outline(copy);
        Assert.Equal("sdxl-refiner", outline.Family);
    }

    [Fact]
    public void TheNetworkIsToldAScoreInPlaceOfTheTarget()
    {
        using var scope = NewDisposeScope();
        using var model = Load(files.Single);
        var network = new DenoisingNetwork(model.UNet, ScalarType.Float32, CPU);
        var text = PromptEncoding.Plain.Encode(model, ["a fox"]);
        var sizes = new SizeConditions(100, 200, 3, 4, 5, 6);
        Assert.Equal([100, 200, 3, 4, 6], Told(sizes, false));
        Assert.Equal([100, 200, 3, 4, 2.5f], Told(sizes, true));
        Assert.Equal([100, 200, 3, 4, 9], Told(sizes with { AestheticScore = 9 }, true));

        float[] Told(SizeConditions told, bool isNegative) => network.ConditionOf(text, told, isNegative: isNegative).Added!.TimeIds.data<float>().ToArray();
    }

    [Fact]
    public void TheTextIsTheEncodersLastStateButOneWithItsProjectedPooledOne()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var model = Load(files.Single);
        var ids = tensor(model.Tokenizer.Encode("a fox"), device: CPU).view(1, -1);
        var output = model.TextEncoder.Run(ids);
        foreach (var encoding in new[] { PromptEncoding.Plain, PromptEncoding.WebUi, PromptEncoding.Comfy })
        {
            var told = encoding.Encode(model, ["a fox"]);
            Assert.Equal(0, (told.Pooled! - output.TextEmbeds!).abs().max().ToSingle());
            Assert.Equal(0, (told.Context - output.HiddenStates[^2]).abs().max().ToSingle());
        }
    }

    [Fact]
    public void APictureIsFinishedAndTheScoreCounts()
    {
        using var scope = NewDisposeScope();
        using var model = Load(files.Folder);
        var picture = (zeros([1, 3, 64, 64], dtype: ScalarType.Float32, device: CPU) + 0.3).clamp(-1, 1);
        var options = Options with { Start = new PictureStart(picture, 0.5), Steps = 4 };
        var usual = Latents(model, options);
        Assert.True(usual.isfinite().all().ToBoolean());
        Assert.Equal(0, (usual - Latents(model, options with { Sizes = SizeConditions.Of(64, 64) with { AestheticScore = 6 }, NegativeSizes = SizeConditions.Of(64, 64) })).abs().max().ToSingle());
        Assert.NotEqual(0, (usual - Latents(model, options with { Sizes = SizeConditions.Of(64, 64) with { AestheticScore = 1 } })).abs().max().ToSingle());
        Assert.NotEqual(0, (usual - Latents(model, options with { NegativeSizes = SizeConditions.Of(64, 64) with { AestheticScore = 6 } })).abs().max().ToSingle());
        Assert.Equal(64, new TextToImage(model, Precision.Float32, CPU).Generate(options, cancel: TestContext.Current.CancellationToken)[0].Width);
    }

    static string Large => Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", "sdxl");

    [Fact]
    public void TakingOverItReadsTheSecondPromptsWhichItsEncoderIsFor()
    {
        using var scope = NewDisposeScope();
        using StableDiffusion large = Load(Large), refiner = Load(files.Single);
        var options = Options with { Steps = 4, SecondPrompts = ["a dog"], Refiner = new(refiner, 0.5) };
        var handed = Latents(large, options);
        Assert.NotEqual(0, (handed - Latents(large, options with { Refiner = null })).abs().max().ToSingle());
        Assert.Equal(0, (Latents(large, options with { Refiner = null }) - Latents(large, options with { Refiner = new(refiner, 1) })).abs().max().ToSingle());
        // The base reads the same of both, and the refiner another text.
        var other = options with { Prompts = ["a dog"], SecondPrompts = null };
        Assert.NotEqual(0, (handed - Latents(large, other)).abs().max().ToSingle());
        Assert.Equal(0, (Latents(large, options with { Refiner = new(refiner, 0) }) - Latents(large, other with { Refiner = new(refiner, 0) })).abs().max().ToSingle());
    }

    [Fact]
    public void WhatCannotTakeOverIsTold()
    {
        using StableDiffusion large = Load(Large), refiner = Load(files.Single);
        string Fault(GenerateOptions options) => Assert.Throws<LowrankException>(() => options.Checked(large)).Message;
        Assert.Contains("`refiner at` is 1.5 (0 to 1)", Fault(Options with { Refiner = new(refiner, 1.5) }), StringComparison.Ordinal);
        using var small = Load(Path.Combine(GoldenFolder.Repository, "models", "emoji-sd"));
        Assert.Contains("which the refiner emoji-sd has no encoder for", Fault(Options with { SecondPrompts = ["a"], Refiner = new(small) }), StringComparison.Ordinal);
        Assert.Contains("σ would be infinite", Fault(Options with { DowncastsAlphas = true, ZeroTerminalSnr = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void TheWebUiTakesZerosForAnEmptyNegativePrompt()
    {
        using var model = Load(files.Single);
        Assert.True(PromptEncoding.WebUi.TakesZeros(model, ""));
        Assert.False(PromptEncoding.Comfy.TakesZeros(model, ""));
        Assert.False(PromptEncoding.Plain.TakesZeros(model, null));
    }
}
