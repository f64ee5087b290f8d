using Lowrank.Diffusion.Tests;
using Layers = Lowrank.Torch.Layers;

namespace Lowrank.Workbench.Tests;

/// <summary>An XL base that hands over to a model of XL's refiner's kind, in AUTOMATIC1111's way.</summary>
public sealed class RefinerHandoverTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly StableDiffusion large, refiner;

    public RefinerHandoverTests()
    {
        TinyRefiner.Write(folder["refiner.safetensors"]);
        refiner = StableDiffusion.Load(folder["refiner.safetensors"], Layers.Storage.Default);
        large = StableDiffusion.Load(Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", "sdxl"), Layers.Storage.Default);
    }

    public void Dispose()
    {
        large.Dispose();
        refiner.Dispose();
        folder.Dispose();
    }

    WebUiAnswer Run(WebUiRequest request, StableDiffusion? model = null) =>
        new WebUiJob(new Files(model ?? large, refiner), Precision.Float32, CPU).Run(request, cancel: TestContext.Current.CancellationToken);

    static WebUiRequest Request => new() { Prompt = "a fox", Sampler = "Euler", Steps = 4, Seed = 3, Width = 64, Height = 64 };

    [Fact]
    public void TheRefinerFinishesWithItsOwnTextFromTheShareThatIsAsked()
    {
        var alone = Run(Request);
        var handed = Run(Request with { Refiner = "refiner", RefinerSwitchAt = 0.5 });
        Assert.NotEqual(alone.Pictures[0].Pixels, handed.Pictures[0].Pixels);
        Assert.Contains("Refiner: refiner", handed.InfoTexts[0], StringComparison.Ordinal);
        Assert.Contains("Refiner switch at: 0.5", handed.InfoTexts[0], StringComparison.Ordinal);
        // Where it would take over after the end, it takes no part.
        Assert.Equal(alone.Pictures[0].Pixels, Run(Request with { Refiner = "refiner", RefinerSwitchAt = 1 }).Pictures[0].Pixels);
    }

    [Fact]
    public void TheRefinerDrawsAloneToo()
    {
        var picture = Run(Request, refiner).Pictures[0];
        Assert.Equal((64, 64), (picture.Width, picture.Height));
    }

    sealed class Files(StableDiffusion model, StableDiffusion refiner) : IWebUiFiles
    {
        public IReadOnlyList<WebUiWord> Words => [];

        public StyleSheet Styles => StyleSheet.Empty;

        public string? Adapter(string name) => null;

        public WebUiModel? Model(string? name) => name is null
            ? new(model, new CheckpointTitle("base.safetensors", null, ""))
            : new(refiner, new CheckpointTitle("refiner.safetensors", null, ""));

        public WebUiVae Vae(string name, double scale) => throw new LowrankException(name);
    }
}
