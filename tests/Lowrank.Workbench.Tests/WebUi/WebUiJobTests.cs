using Layers = Lowrank.Torch.Layers;

namespace Lowrank.Workbench.Tests;

/// <summary>Jobs in AUTOMATIC1111's way, with the small model.</summary>
public sealed class WebUiJobTests : IDisposable
{
    readonly StableDiffusion model = StableDiffusion.Load(EmojiModel.Folder, Layers.Storage.Default);

    public void Dispose() => model.Dispose();

    WebUiAnswer Run(WebUiRequest request) =>
        new WebUiJob(new Files(model), Precision.Float32, CPU).Run(request, cancel: TestContext.Current.CancellationToken);

    static WebUiRequest Request => new() { Prompt = "cat face", Sampler = "Euler a", Steps = 2, Seed = 3, Subseed = 1, Width = 64, Height = 64 };

    static WebUiRequest Changed(byte[]? mask) => Request with
    {
        Pictures = new()
        {
            Pictures = [new(Picture.Filled(64, 64, 200, 30, 90), null)],
            Mask = mask is null ? null : new(new Mask(64, 64, mask).ToPicture(), null),
            MaskBlur = (0, 0),
            OnlyMasked = false,
            Fill = MaskedContent.Original,
        },
    };

    [Fact]
    public void APictureThatIsChangedIsTheSameTwice()
    {
        var first = Run(Changed(null));
        Assert.Equal(first.Pictures[0].Pixels, Run(Changed(null)).Pictures[0].Pixels);
        Assert.Contains("Denoising strength: 0.75", first.InfoTexts[0], StringComparison.Ordinal);
        Assert.NotEqual(first.Pictures[0].Pixels, Run(Changed(null) with { Seed = 4 }).Pictures[0].Pixels);
    }

    [Fact]
    public void WhatIsNotMaskedStaysByteForByte()
    {
        var mask = new byte[64 * 64];
        mask.AsSpan(64 * 32).Fill(255);
        var drawn = Run(Changed(mask)).Pictures[0].Pixels;
        Assert.Equal(Changed(null).Pictures!.Pictures[0].Colours.Pixels[..(3 * 64 * 32)], drawn[..(3 * 64 * 32)]);
        Assert.NotEqual(Changed(null).Pictures!.Pictures[0].Colours.Pixels[(3 * 64 * 32)..], drawn[(3 * 64 * 32)..]);
    }

    [Fact]
    public void AMaskThatIsBlankIsTold()
    {
        var request = Changed(new byte[64 * 64]);
        var answer = Run(request with { Pictures = request.Pictures! with { OnlyMasked = true } });
        Assert.Contains(answer.Comments, comment => comment.Contains("blank", StringComparison.Ordinal));
    }

    [Fact]
    public void AdaptersThatAreMissingAndNumbersThatCannotBeReadAreTold()
    {
        Assert.Contains(Run(Request with { Prompt = "cat <lora:none:1>" }).Comments, comment => comment.Contains("none", StringComparison.Ordinal));
        Assert.Contains(Run(Request with { Prompt = "cat <lora:a:much>" }).Comments, comment => comment.Contains("No adapter is used", StringComparison.Ordinal));
    }

    [Fact]
    public void TilesGoOnAtTheirOppositeSideAndTheModelIsAsItWas()
    {
        var plain = Run(Request).Pictures[0].Pixels;
        Assert.NotEqual(plain, Run(Request with { Tiling = true }).Pictures[0].Pixels);
        Assert.Equal(plain, Run(Request).Pictures[0].Pixels);
    }

    [Fact]
    public void NoTensorIsLeft() => LeakGuard.NoTensorLeaks(() =>
    {
        using var own = StableDiffusion.Load(EmojiModel.Folder, Layers.Storage.Default);
        new WebUiJob(new Files(own), Precision.Float32, CPU).Run(Changed(null) with { Hires = null });
        new WebUiJob(new Files(own), Precision.Float32, CPU).Run(Request with { Hires = new() { Scale = 1.5, Upscaler = "Lanczos" } });
    });

    [Fact]
    public void UpscalersAndRefinersThatThereAreNotAreRefused()
    {
        Assert.Contains("Latent", Assert.Throws<LowrankException>(() => Run(Request with { Hires = new() { Upscaler = "Laten" } })).Message, StringComparison.Ordinal);
        Assert.Contains("none there", Assert.Throws<LowrankException>(() => Run(Request with { Refiner = "none there" })).Message, StringComparison.Ordinal);
    }

    sealed class Files(StableDiffusion model) : IWebUiFiles
    {
        public IReadOnlyList<WebUiWord> Words => [];

        public StyleSheet Styles => StyleSheet.Empty;

        public string? Adapter(string name) => null;

        public WebUiModel? Model(string? name) => name is null ? new(model, new CheckpointTitle("emoji.safetensors", null, "")) : null;

        public WebUiVae Vae(string name, double scale) => throw new LowrankException(name);
    }
}
