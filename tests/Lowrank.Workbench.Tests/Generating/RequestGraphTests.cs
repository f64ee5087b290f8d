using Lowrank.Graphs;

namespace Lowrank.Workbench.Tests;

/// <summary>Pictures hold ComfyUI graphs that draw them again.</summary>
public sealed class RequestGraphTests : IDisposable
{
    static readonly CancellationToken never = CancellationToken.None;
    static readonly string models = Path.GetDirectoryName(EmojiModel.Folder)!;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    GeneratingRequest Request(GenerateOptions options) => new(EmojiModel.Folder, ["a (round:1.3) cat face"], [5], folder["one.png"])
    {
        Options = options with { Compat = Compat.ComfyUi, Width = 64, Height = 64, Batch = 1 },
        Precision = "f32",
        Device = "cpu",
        EmbedsGraph = true,
    };

    static GenerateOptions Three => new() { Steps = 3, Sampler = "euler_a", Schedule = "normal", NegativePrompt = "blue" };

    static GeneratingReport Drawn(GeneratingRequest request)
    {
        using var shelf = new ModelShelf();
        return new GeneratingJob(shelf).Run(request, null, never);
    }

    // What the picture's own graph draws.
    Picture Again(string path = "one.png")
    {
        var folders = new GraphFolders { Models = models, Input = folder.Path, Output = folder["again"], Temporary = folder["temp"] };
        var report = new WorkflowJob().Run(new(folder[path], folders) { Precision = "f32", Device = "cpu", LikeComfyUi = true }, null, never);
        return PictureFile.Read(Assert.Single(report.Files));
    }

    void AssertSame(GeneratingRequest request)
    {
        Drawn(request);
        AssertSame(PictureFile.Read(folder["one.png"]), Again());
    }

    // Between nodes latents are divided by the autoencoder's factor, and each road batches in an order of its own, so that a colour that
    // lies at a whole level may be cut to the one below: seen of up to 56 in 12288 (dpm++2m_sde), and of 12 at most elsewhere.
    static void AssertSame(Picture drawn, Picture again)
    {
        int[] apart = [.. drawn.Pixels.Zip(again.Pixels, (a, b) => Math.Abs(a - b)).Where(levels => levels > 0)];
        bool isSame = apart.Length <= drawn.Pixels.Length / 100 && apart.All(levels => levels == 1);
        Assert.True(isSame, $"{apart.Length} of {drawn.Pixels.Length} colours differ, by up to {apart.DefaultIfEmpty(0).Max()}");
    }

    public static IEnumerable<TheoryDataRow<string, string>> Samplings =>
    [
        new("euler", "uniform"), new("euler_a", "normal"), new("dpm++2m", "karras"), new("dpm++2m_sde", "exponential"), new("dpm2", "karras"),
        new("unipc", "simple"), new("lcm", "sgm_uniform"), new("heun", "beta_timesteps"),
    ];

    [Theory, MemberData(nameof(Samplings))]
    public void TheGraphDrawsTheSamePicture(string sampler, string schedule) =>
        AssertSame(Request(Three with { Sampler = sampler, Schedule = schedule }));

    [Fact]
    public void AdaptersAreLoadedInTheirOrderWithTheirStrengths()
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(models, "loras"), "*.safetensors").Order(StringComparer.Ordinal).Take(2)];
        AssertSame(Request(Three) with { Adapters = [new(files[0], 0.75), new(files[^1], -0.5)] });
        var graph = GraphFile.Read(folder["one.png"]).Graph;
        Assert.Equal(files.Select(Path.GetFileName), graph.Nodes.Where(node => node.ClassType == "LoraLoader").Select(node => node.Inputs["lora_name"]));
    }

    [Fact]
    public void ALayerOfTheEncoderAndChangesOfTheNetworkAreSaid() => AssertSame(Request(Three with
    {
        ClipSkip = 2, FreeU = new(1.3, 1.4, 0.9, 0.2, FollowsContent: true), PerturbedScale = 2,
    }));

    [Theory]
    [InlineData("bilinear")]
    [InlineData("nearest-exact")]
    public void ASecondPassIsSaid(string upscaler) =>
        AssertSame(Request(Three with { Hires = new(1.5, 0.6) { Upscaler = upscaler, Steps = 2, Prompt = "a dog" } }));

    [Fact]
    public void APictureThatIsChangedIsLoaded()
    {
        Drawn(Request(Three) with { Output = folder["given.png"] });
        AssertSame(Request(Three) with { Change = new(folder["given.png"], 0.6) });
    }

    [Fact]
    public void ABatchOfOneSeedIsDrawnWhole()
    {
        var request = Request(Three) with { Seeds = [5, 6], IsBatch = true, Output = folder["batch"] };
        var drawn = Drawn(request).Files;
        var folders = new GraphFolders { Models = models, Input = folder.Path, Output = folder["again"], Temporary = folder["temp"] };
        var again = new WorkflowJob().Run(new(drawn[1], folders) { Precision = "f32", Device = "cpu", LikeComfyUi = true }, null, never).Files;
        foreach (var (one, other) in drawn.Zip(again)) AssertSame(PictureFile.Read(one), PictureFile.Read(other));
        Assert.Equal(2, again.Count);
    }

    [Fact]
    public void AWebpHoldsTheGraphBesideItsText()
    {
        var request = Request(Three) with { Output = folder["one.webp"], Encoding = new(PictureFormat.Named("webp")) { Lossless = true } };
        Drawn(request);
        AssertSame(PictureFile.Read(folder["one.webp"]), Again("one.webp"));
        Assert.Contains("Steps: 3", PictureFile.ReadInfoText(folder["one.webp"]), StringComparison.Ordinal);
    }

    [Fact]
    public void SignsOfComfyUiInAPlainPromptAreWrittenSoThatTheyMeanNothing()
    {
        Drawn(Request(Three) with { Options = Three with { Width = 64, Height = 64, Compat = Compat.None } });
        var graph = GraphFile.Read(folder["one.png"]).Graph;
        Assert.Equal("a \\(round:1.3\\) cat face", graph.Nodes.First(node => node.ClassType == "CLIPTextEncode").Inputs["text"]);
    }

    [Theory]
    [InlineData("pndm", "karras", "no sampler pndm")]
    [InlineData("euler", "timesteps", "no schedule timesteps")]
    public void WhatComfyUiHasNotIsRefusedBeforeItIsDrawn(string sampler, string schedule, string said)
    {
        var error = Assert.Throws<LowrankException>(() => Drawn(Request(Three with { Sampler = sampler, Schedule = schedule })));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["one.png"]));
    }

    [Fact]
    public void WhatAGraphCannotSayIsTold()
    {
        var request = Request(Three) with { Options = Three with { Width = 64, Height = 64, NoiseSource = NoiseSources.Nv, SamplerOptions = new() { Eta = 0.5 } } };
        string[] told = [.. Drawn(request).Account.Where(line => line.Name == "graph").Select(line => line.Text)];
        Assert.Contains(told, text => text.Contains("diffusers/emoji-sd", StringComparison.Ordinal));
        Assert.Contains(told, text => text.Contains("a graph cannot say noise of", StringComparison.Ordinal));
        Assert.Contains(told, text => text.Contains("a graph cannot say the sampler option eta", StringComparison.Ordinal));
    }

    [Fact]
    public void AFormatThatComfyUiDoesNotLookIntoIsRefused() => Assert.Contains("looks for graphs in png and webp",
        string.Join(' ', (Request(Three) with { Output = folder["one.jpg"] }).Faults()), StringComparison.Ordinal);

    // A new one must be said by RequestGraph, or told by GraphOmissions.
    static readonly string[] considered =
    [
        "Prompts", "Prompt", "NegativePrompt", "NegativePrompts", "SecondPrompts", "SecondNegativePrompts", "Syntax", "Compat", "Encoding",
        "MaxTokens", "ImagesPerPrompt", "Width", "Height", "Steps", "Start", "StrengthRule", "Hires", "Vae", "GuidanceScale",
        "GuidanceRescale", "FreeU", "PerturbedScale", "Guider", "Sampler", "Schedule", "Scheduler", "SamplerOptions", "Seeds", "NoiseSource",
        "Variation", "OneGenerator", "Batch", "ClipSkip", "NegativeClipSkip", "Sizes", "NegativeSizes", "BeforeStep", "InfoFields",
        "InfoTags", "Part", "GuidanceFields", "Refiner", "DowncastsAlphas", "ZeroTerminalSnr", "KeepsPrompts",
        "WritesAsProgram", "Tiling", "TextTurns",
    ];

    [Fact]
    public void EveryOptionIsSaidOrTold() =>
        Assert.Empty(typeof(GenerateOptions).GetProperties().Where(one => one.CanWrite).Select(one => one.Name).Except(considered));
}
