using Layers = Lowrank.Torch.Layers;

namespace Lowrank.Workbench.Tests;

/// <summary>A second pass with a model of its own, in AUTOMATIC1111's way.</summary>
public sealed class HiresCheckpointTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly StableDiffusion model = Load(), same = Load(), other = Load();

    public HiresCheckpointTests()
    {
        using var grad = no_grad();
        foreach (var parameter in other.UNet.parameters())
            if (parameter.dim() >= 2) parameter.mul_(0.9);
    }

    public void Dispose()
    {
        model.Dispose();
        same.Dispose();
        other.Dispose();
        folder.Dispose();
    }

    static StableDiffusion Load() => StableDiffusion.Load(EmojiModel.Folder, Layers.Storage.Default);

    WebUiAnswer Run(string? checkpoint, string upscaler = "Latent", string prompt = "cat face") =>
        new WebUiJob(new Files(this), Precision.Float32, CPU).Run(new()
        {
            Prompt = prompt, Sampler = "Euler", Steps = 2, Seed = 3, Subseed = 1, Width = 64, Height = 64, Strength = 0.6,
            Hires = new() { Scale = 1.5, Upscaler = upscaler, Checkpoint = checkpoint },
        }, cancel: TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("Latent"), InlineData("Lanczos")]
    public void ItDrawsTheSecondPassAndTheTextNamesIt(string upscaler)
    {
        var usual = Run(null, upscaler);
        Assert.Equal(usual.Pictures[0].Pixels, Run("same", upscaler).Pictures[0].Pixels);
        var handed = Run("other", upscaler);
        Assert.NotEqual(usual.Pictures[0].Pixels, handed.Pictures[0].Pixels);
        Assert.Contains("Model: emoji, Denoising strength: 0.6, Hires checkpoint: other, Hires upscale: 1.5", handed.InfoTexts[0], StringComparison.Ordinal);
        Assert.Equal(usual.Pictures[0].Pixels, Run("Use same checkpoint", upscaler).Pictures[0].Pixels);
    }

    [Fact]
    public void AdaptersOfThePromptWorkInBothAndAreGoneAfterwards()
    {
        EmojiModel.WriteLora(folder["ink.safetensors"]);
        var plain = Run("same").Pictures[0].Pixels;
        var inked = Run("same", prompt: "cat face <lora:ink:1>").Pictures[0].Pixels;
        Assert.NotEqual(plain, inked);
        Assert.Equal(Run(null, prompt: "cat face <lora:ink:1>").Pictures[0].Pixels, inked);
        Assert.Equal(plain, Run("same").Pictures[0].Pixels);
    }

    [Fact]
    public void AModelThatThereIsNotIsRefused() =>
        Assert.Contains("none there", Assert.Throws<LowrankException>(() => Run("none there")).Message, StringComparison.Ordinal);

    sealed class Files(HiresCheckpointTests test) : IWebUiFiles
    {
        public IReadOnlyList<WebUiWord> Words => [];

        public StyleSheet Styles => StyleSheet.Empty;

        public string? Adapter(string name) => test.folder[$"{name}.safetensors"];

        public WebUiModel? Model(string? name) => name switch
        {
            null => new(test.model, new CheckpointTitle("emoji.safetensors", null, "")),
            "same" => new(test.same, new CheckpointTitle("same.safetensors", null, "")),
            "other" => new(test.other, new CheckpointTitle("other.safetensors", null, "")),
            _ => null,
        };

        public WebUiVae Vae(string name, double scale) => throw new LowrankException(name);
    }
}
