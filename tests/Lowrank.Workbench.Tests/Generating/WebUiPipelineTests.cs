namespace Lowrank.Workbench.Tests;

/// <summary>Requests for pictures in AUTOMATIC1111's way are drawn as its own interface draws them.</summary>
public sealed class WebUiPipelineTests : DrawingTests
{
    GeneratingRequest Request(string output, params IReadOnlyList<long> seeds)
    {
        GenerateOptions options = new() { Compat = Compat.WebUi, Sampler = "euler_a", Steps = 3, Width = 64, Height = 64 };
        return Request(output, options, seeds.Count == 0 ? [5] : seeds) with { Prompts = ["cat (face:1.2)"] };
    }

    string Refused(GeneratingRequest request) => Assert.Throws<LowrankException>(() => Report(request)).Message;

    static GeneratingRequest With(GeneratingRequest request, Func<GenerateOptions, GenerateOptions> change) => request with { Options = change(request.Options) };

    [Fact]
    public void AdaptersThatASecondPassLosesByItsOwnPromptAreTold()
    {
        EmojiModel.WriteLora(folder["ink.safetensors"]);
        var request = With(Request("a.png") with { Adapters = [new(folder["ink.safetensors"], 0.5)] }, options => options with
        {
            NegativePrompt = "dog", Hires = new(1.5) { Prompt = "cat" },
        });
        var report = Report(request);
        Assert.Contains(report.Account, line => line.NotUsed && line.Text.Contains("ink.safetensors do not work in the second pass", StringComparison.Ordinal));
        var info = InfoText.Parse(PictureFile.ReadInfoText(report.Files[0])!);
        Assert.Equal(("cat (face:1.2) <lora:ink:0.5>", "dog", "cat"), (info.Prompt, info.NegativePrompt, info["Hires prompt"]));
    }

    [Fact]
    public void APictureIsThatOfTheInterfacesOwnRequestWithItsText()
    {
        var drawn = Drawn(Request("a.png"));
        using var model = StableDiffusion.Load(EmojiModel.Folder, Lowrank.Torch.Layers.Storage.Default);
        var asked = new WebUiRequest
        {
            Prompt = "cat (face:1.2)", Sampler = "Euler a", Steps = 3, Seed = 5, Width = 64, Height = 64, Options = WebUiOptions.Default.With("randn_source", "CPU"),
        };
        var own = new WebUiJob(new Files(model), Precision.Float32, CPU).Run(asked, cancel: never).Pictures[0];
        Assert.Equal(own.Pixels, drawn.Pixels);
        Assert.Equal(own.InfoText, drawn.InfoText!.Replace(", Precision: f32", "", StringComparison.Ordinal));
        Assert.Contains("RNG: CPU, Precision: f32, Version: v1.10.1", drawn.InfoText, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatItHasNoLikeOfIsRefusedAllAtOnce()
    {
        string message = Refused(With(Request("a.png"), options => options with
        {
            Sampler = "tcd", Schedule = "lcm_uniform", Syntax = PromptSyntax.Plain, Hires = new(2) { Sampler = "euler_cfg++" }, NegativeClipSkip = 2,
        }));
        string[] told = ["no sampler tcd", "DPM++ 2M", "no schedule lcm_uniform", "no sampler euler_cfg++", "its own syntax", "as many layers", "`compat` a1111"];
        Assert.All(told, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.Contains("2^63", Refused(Request("a.png", -1)), StringComparison.Ordinal);
        Assert.Contains("midpoint", Refused(With(Request("a.png"), options => options with { Sampler = "dpm++sde", SamplerOptions = new() { Midpoint = 0.4 } })), StringComparison.Ordinal);
        PictureFile.Save(folder["init.png"], Picture.Filled(64, 64, 1, 2, 3));
        var both = With(Request("a.png") with { Change = new(folder["init.png"]) }, options => options with { Hires = new(2) });
        Assert.Contains("no second pass of a picture that is changed", Refused(both), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatItDoesNotHeedIsTold()
    {
        var report = Report(With(Request("a.png"), options => options with
        {
            Sampler = "ddim", Schedule = "karras", MaxTokens = 75, Variation = new() { SeedDelta = 31337 },
        }));
        string[] told = ["the schedule karras is not used", "`ensd` is not used", "`max tokens` is not used"];
        Assert.All(told, part => Assert.Contains(report.Account, line => line.NotUsed && line.Text.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public void VariationSeedsOfABatchCountUpInPlaceOfItsSeeds()
    {
        SeedVariation variation = new() { Seeds = [7], Strength = 0.3 };
        var batch = With(Request("batch", 5, 6) with { IsBatch = true }, options => options with { Variation = variation, Batch = 1 });
        var named = With(Request("named", 5, 6), options => options with { Variation = variation, Batch = 1 });
        Assert.Equal([("5", "7"), ("5", "8")], Report(batch).Files.Select(SeedsOf));
        Assert.Equal([("5", "7"), ("6", "7")], Report(named).Files.Select(SeedsOf));

        static (string?, string?) SeedsOf(string path) => InfoText.Parse(PictureFile.ReadInfoText(path)!) is var info ? (info["Seed"], info["Variation seed"]) : default;
    }

    [Fact]
    public void AdaptersStandInThePromptAsTagsAndTheModelIsAsItWas()
    {
        EmojiModel.WriteLora(folder["ink.safetensors"]);
        var plain = Drawn(Request("plain.png"));
        var drawn = Drawn(Request("ink.png") with { Adapters = [new(folder["ink.safetensors"], 0.5)] });
        Assert.Equal("cat (face:1.2) <lora:ink:0.5>", InfoText.Parse(drawn.InfoText!).Prompt);
        Assert.StartsWith("ink: ", InfoText.Parse(drawn.InfoText!)["Lora hashes"], StringComparison.Ordinal);
        Assert.NotEqual(plain.Pixels, drawn.Pixels);
        Assert.Equal(plain.Pixels, Drawn(Request("again.png")).Pixels);
    }

    [Theory]
    [InlineData("euler_a", 0.0), InlineData("dpm++2m_sde", 0.0), InlineData("euler_a", 0.4)]
    public void APictureThatWasMadeAmongOthersIsTheSameFileAgain(string sampler, double varied)
    {
        var files = Report(With(Request("all", 5, 6, 7) with { IsBatch = true }, options => options with
        {
            Sampler = sampler, Variation = new() { Seeds = [9], Strength = varied },
        })).Files;
        var plain = new GeneratingRequest(EmojiModel.Folder, [], [], folder["again.png"]) { Device = "cpu" };
        var repeated = RepeatedPicture.Of(InfoText.Parse(PictureFile.ReadInfoText(files[1])!), plain, _ => null);
        Assert.Empty(repeated.NotHonoured);
        Report(repeated.Request);
        Assert.Equal(File.ReadAllBytes(files[1]), File.ReadAllBytes(folder["again.png"]));
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void EncodedPicturesOfABatchAreThoseThatAreDrawnAlone(bool isChanged)
    {
        PictureFile.Save(folder["init.png"], Picture.Filled(64, 64, 9, 90, 30));
        var request = With(Request("two", 5, 6), options => options with { Hires = isChanged ? null : new(1.5, 0.1) { Upscaler = "Lanczos" } });
        if (isChanged) request = request with { Change = new(folder["init.png"]) { Strength = 0.1 } };
        var together = Report(request).Files.Select(PictureFile.Read).ToList();
        var alone = Report(With(request with { Output = folder["one"] }, options => options with { Batch = 1 })).Files.Select(PictureFile.Read).ToList();
        // Sums of a batch go in another order; another draw of the encoding moves whole parts.
        foreach (var (one, other) in together.Zip(alone))
            Assert.True(one.Pixels.Zip(other.Pixels, (a, b) => Math.Abs(a - b)).Max() <= 1, "the draw depends on the batch");
    }

    [Fact]
    public void WhatTheFolderHoldsIsNotDrawnAgain()
    {
        var request = With(Request("some", 5, 6), options => options with { Hires = new(1.5, 0.6) { Upscaler = "Lanczos" }, PerturbedScale = 2 });
        Report(request);
        var notes = new List<string>();
        var told = new Reported<JobEvent>(one => { if (one is JobNote note) notes.Add(note.Text); });
        new GeneratingJob(shelf).Run(request with { Seeds = [5, 6, 7], Resume = true }, told, never);
        Assert.Contains("2 of 3 pictures are there already", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetFiles(folder["some"]).Length);
    }

    [Fact]
    public void ProgressAndPreviewsAreThoseOfTheFirstPassAndOfBoth()
    {
        var request = With(Request("a.png"), options => options with { Hires = new(1.5) }) with { PreviewEvery = 1 };
        var told = new List<JobProgress>();
        bool wasThere = false;
        new GeneratingJob(shelf).Run(request, new Reported<JobEvent>(one =>
        {
            if (one is JobProgress { Stage: "pictures" } progress) told.Add(progress);
            wasThere |= File.Exists(folder["a.preview.png"]);
        }), never);
        Assert.True(wasThere);
        Assert.Equal([.. told.Select(progress => progress.Done).Order()], told.Select(progress => progress.Done));
        Assert.Equal(1, told[^1].Share);
        Assert.Equal((96, 96), (PictureFile.Read(request.Output).Width, PictureFile.Read(request.Output).Height));
    }

    [Theory]
    [InlineData(false, false), InlineData(true, false), InlineData(false, true)]
    public void NoPartOfTheModelStaysWhereNothingElseIsAskedOfItAndThePictureIsTheSame(bool twoPasses, bool isChanged)
    {
        PictureFile.Save(folder["init.png"], Picture.Filled(64, 64, 9, 90, 30));
        var request = With(Request("kept.png"), options => options with { Hires = twoPasses ? new(1.5) { Upscaler = "Lanczos" } : null });
        if (isChanged) request = request with { Change = new(folder["init.png"]) };
        Report(request);
        using var own = new ModelShelf();
        long before = LeakGuard.Live;
        new GeneratingJob(own).Run(request with { Output = folder["freed.png"], IsOnly = true }, null, never);
        Assert.Equal(before, LeakGuard.Live);
        Assert.Equal(File.ReadAllBytes(folder["kept.png"]), File.ReadAllBytes(folder["freed.png"]));
    }

    [Fact]
    public void NoTensorOutlivesTheShelf() => LeakGuard.NoTensorLeaks(() =>
    {
        EmojiModel.WriteLora(folder["ink.safetensors"]);
        PictureFile.Save(folder["init.png"], Picture.Filled(64, 64, 9, 90, 30));
        using var own = new ModelShelf();
        var request = Request("a.png") with { Adapters = [new(folder["ink.safetensors"])], Change = new(folder["init.png"]) { Outpaint = new(8, 0, 0, 8) } };
        new GeneratingJob(own).Run(request with { Options = request.Options with { Width = null, Height = null } }, null, never);
    });

    sealed class Files(StableDiffusion model) : IWebUiFiles
    {
        public IReadOnlyList<WebUiWord> Words => [];

        public StyleSheet Styles => StyleSheet.Empty;

        public string? Adapter(string name) => null;

        public WebUiModel? Model(string? name) => new(model, new CheckpointTitle("emoji-sd.safetensors", null, ""));

        public WebUiVae Vae(string name, double scale) => throw new LowrankException(name);
    }
}
