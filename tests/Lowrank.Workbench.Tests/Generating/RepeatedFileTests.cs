using Lowrank.Diffusion.Tests;

namespace Lowrank.Workbench.Tests;

/// <summary>A picture that is drawn, read, and drawn again by its text is the same file, whatever drew it.</summary>
public sealed class RepeatedFileTests(RepeatedFileTests.Shared shared) : IClassFixture<RepeatedFileTests.Shared>, IDisposable
{
    /// <summary>Models that all pictures here are drawn with, and files beside them.</summary>
    public sealed class Shared : IDisposable
    {
        readonly TemporaryFolder folder = new();

        public Shared()
        {
            EmojiModel.WriteLora(Adapter);
            EmojiModel.WriteInpainting(Inpainting);
            Job = new(shelf);
        }

        readonly ModelShelf shelf = new(4);

        public GeneratingJob Job { get; }

        public string Adapter => folder["ink.safetensors"];

        public string Inpainting => folder["inpainting"];

        public string At(string name) => folder[name];

        public void Dispose()
        {
            shelf.Dispose();
            folder.Dispose();
        }
    }

    static readonly CancellationToken never = CancellationToken.None;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static GeneratingRequest Request(params IReadOnlyList<string> prompts) => new(EmojiModel.Folder, prompts, [7], "")
    {
        Options = new() { Steps = 3, Width = 64, Height = 64, NegativePrompt = "pen" },
        Precision = "f32",
        Device = "cpu",
    };

    static GeneratingRequest With(Func<GenerateOptions, GenerateOptions> change, params IReadOnlyList<string> prompts)
    {
        var request = Request(prompts.Count == 0 ? ["cat face"] : prompts);
        return request with { Options = change(request.Options) };
    }

    // Draws what is asked for, and every file of it again by its text; what a text cannot hold is put beside it.
    void Repeats(GeneratingRequest request, Func<GeneratingRequest, GeneratingRequest>? beside = null)
    {
        var files = shared.Job.Run(request with { Output = folder["made"] }, null, never).Files;
        Assert.Equal(request.Count, files.Count);
        foreach (string file in files)
        {
            string again = folder[Path.Combine("again", Path.GetFileName(file))];
            var bare = new GeneratingRequest(request.Model, [], [], again) { Device = "cpu", Encoding = request.Encoding };
            var repeated = RepeatedPicture.OfFile(file, beside?.Invoke(bare) ?? bare, name => name == "ink" ? shared.Adapter : null);
            Assert.Empty(repeated.NotHonoured);
            shared.Job.Run(repeated.Request, null, never);
            Assert.True(File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(again)), PictureFile.ReadInfoText(file) + "\n\n" + PictureFile.ReadInfoText(again));
        }
    }

    public static IEnumerable<TheoryDataRow<string>> SamplerNames => Samplers.All.Select(sampler => new TheoryDataRow<string>(sampler.Name));

    [Theory, MemberData(nameof(SamplerNames))]
    public void EverySamplerDrawsTheSameAgain(string sampler) => Repeats(With(options => options with { Sampler = sampler }));

    public static IEnumerable<TheoryDataRow<string>> ScheduleNames => Schedules.All.Select(schedule => new TheoryDataRow<string>(schedule.Name));

    [Theory, MemberData(nameof(ScheduleNames))]
    public void EveryScheduleIsWalkedAgain(string schedule) => Repeats(With(options => options with { Sampler = SamplerOf(schedule), Schedule = schedule }));

    // Some plans only their own sampler can follow.
    static string SamplerOf(string schedule) => Samplers.All.FirstOrDefault(sampler => sampler.DefaultSchedule == schedule)?.Name ?? "euler";

    public static IEnumerable<TheoryDataRow<string>> CompatNames => Compat.All.Select(compat => new TheoryDataRow<string>(compat.Name));

    // AUTOMATIC1111's texts, which are written as it writes them, do not tell the precision.
    [Theory, MemberData(nameof(CompatNames))]
    public void EveryProgramsWayIsGoneAgain(string program) => Repeats(
        With(options => options with { Compat = Compat.Named(program), Sampler = "euler_a", DowncastsAlphas = true }, "a (red:1.3) cat"),
        again => again with { Precision = "f32" });

    [Fact]
    public void ARefinerInAutomatic1111sWayTakesOverAgain()
    {
        string refiner = folder["refiner.safetensors"];
        TinyRefiner.Write(refiner);
        Repeats(
            With(options => options with { Compat = Compat.WebUi, Sampler = "euler" }, "a fox") with { Model = Large, Refiner = new(refiner, 0.4) },
            again => again with { Precision = "f32", Refiner = new(refiner) });
    }

    [Fact]
    public void EachOfABatchIsTheSameFileAlone() =>
        Repeats(With(options => options with { Batch = 3 }, "cat face", "a pen on a table, red, and a long way to go") with { Seeds = [3, 4] });

    [Fact]
    public void PromptsOfSeveralPartsInABatchAreTheSameAlone() =>
        Repeats(With(options => options with { Syntax = PromptSyntax.WebUi, Encoding = PromptEncoding.WebUi }, "cat AND pen :0.5", "cat", "[cat:pen:0.5] BREAK red"));

    [Theory]
    [InlineData(1), InlineData(0.35), InlineData(-0.5), InlineData(0)]
    public void AdaptersHaveTheStrengthThatTheyHad(double strength) => Repeats(Request("cat face") with { Adapters = [new(shared.Adapter, strength)] });

    [Theory]
    [InlineData("cat <lora:ink:0.8> face"), InlineData("<lora:ink:0.2:0.9>cat"), InlineData("cat <lora:ink:te=0.1:unet=0.5:dyn=1> <lora:ink:0.3>")]
    [InlineData("cat <lora:ink:1:start=2>"), InlineData("cat <lora:ink:1:stop=2>"), InlineData("cat <lora:ink:1:step=2-3:lbw=OUTALL>")]
    [InlineData("cat <lora:ink:1:lbw=R,R,U,1,X,X+0.1,0,1,1,1,1,1,1,1,1,1,R:x=0.3>"), InlineData("<lyco:ink:0.7> pen <lora:ink:1:lbwe=ATTNDEEPON>")]
    public void TagsOfAdaptersMeanTheSameAgain(string prompt)
    {
        Directory.CreateDirectory(folder["loras"]);
        File.Copy(shared.Adapter, folder["loras/ink.safetensors"]);
        Repeats(Request(prompt) with { Reading = new() { Tags = true, Adapters = folder["loras"] }, Seeds = [5, 6] });
    }

    [Fact]
    public void ATagThatWasReadAsWordsIsReadAsWordsAgain() => Repeats(Request("cat <lora:ink:0.8> face"));

    [Fact]
    public void DynamicPromptsAndWildcardsAreTheirOutcomeAgain()
    {
        Directory.CreateDirectory(folder["wild"]);
        File.WriteAllText(folder["wild/animal.txt"], "cat\ndog\nfox\n");
        Repeats(Request("{red|blue|{2$$big|old}} __animal__") with { Reading = new() { Choices = true, Wildcards = folder["wild"] }, Seeds = [1, 2, 3] });
    }

    [Fact]
    public void StylesStandInTheText() =>
        Repeats(Request("pen").WithStyles(new StyleSheet([new("Ink", "ink of {prompt}, black", "photo")], []), ["Ink"]));

    [Theory]
    [InlineData("a\nb"), InlineData("  cat, "), InlineData("\"cat\": a, b"), InlineData("cat Steps: 20, Sampler: Euler, Seed: 1"), InlineData("")]
    [InlineData("a\\(b\\) 猫 🦊"), InlineData("a:b, c: d\ne: f")]
    public void PromptsOfAnyLettersComeBack(string prompt) => Repeats(Request(prompt));

    [Fact]
    public void TheNoiseIsTheSameAgain()
    {
        Repeats(With(options => options with { NoiseSource = NoiseSources.Nv, Sampler = "euler_a" }));
        Repeats(With(options => options with { Variation = new() { Seeds = [9], Strength = 0.25, ResizeFrom = (32, 96) } }));
        Repeats(With(options => options with { Sampler = "euler_a", Variation = new() { SeedDelta = 31337 } }) with { Seeds = [1, 2] });
    }

    [Fact]
    public void HowTheNetworkIsAskedIsTheSameAgain()
    {
        Repeats(With(options => options with { ClipSkip = 2, GuidanceScale = 4.55, GuidanceRescale = 0.7 }));
        Repeats(With(options => options with { PerturbedScale = 2.5, FreeU = FreeU.Read("1.3,1.4,0.9,0.2") }));
        Repeats(With(options => options with { GuidanceScale = 1, MaxTokens = 75 }, string.Join(' ', Enumerable.Repeat("a cat", 60))));
        Repeats(With(options => options with { ZeroTerminalSnr = true, Sampler = "ddim" }));
        Repeats(With(options => options with { Sampler = "dpmpp_sde", SamplerOptions = SamplerOptionNames.Read(["eta=0.7", "s_noise=0.9", "midpoint=0.4"]) }));
        Repeats(Request("cat") with { ModelOptions = new() { Prediction = PredictionType.Velocity } });
        Repeats(Request("cat") with { Precision = "bf16" });
    }

    [Theory]
    [InlineData(Emphasis.Original), InlineData(Emphasis.NoNorm), InlineData(Emphasis.Ignore), InlineData(Emphasis.None)]
    public void EmphasisIsTheSameAgain(Emphasis emphasis) => Repeats(With(
        options => options with { Syntax = PromptSyntax.WebUi, Encoding = new WebUiEncoding(emphasis, Backtrack: 5, PadsConditions: true) }, "a (red:1.4) [cat|pen], ((big))"));

    [Fact]
    public void WeightsOfComfyUiAreTheSameAgain() => Repeats(With(options => options with { Encoding = PromptEncoding.Comfy }, "a (red:1.4) cat"));

    [Theory]
    [InlineData("nearest-exact", null, null), InlineData("bilinear", "euler_a", "a dog: brown, \"old\"")]
    [InlineData("Lanczos", null, null), InlineData("None", "heun", "a dog")]
    public void SecondPassesAreDrawnAgain(string upscaler, string? sampler, string? prompt) => Repeats(
        With(options => options with { Hires = new(1.5, 0.55) { Upscaler = upscaler, Steps = 2, Sampler = sampler, Prompt = prompt } }) with { Seeds = [1, 2] });

    PictureChange Change(Picture? mask = null)
    {
        PictureFile.Save(folder["init.png"], Picture.Filled(72, 56, 10, 200, 60));
        if (mask is not null) PictureFile.Save(folder["mask.png"], mask);
        return new(folder["init.png"]) { Mask = mask is null ? null : folder["mask.png"] };
    }

    static Picture Half => new Mask(72, 56, [.. Enumerable.Repeat((byte)0, 72 * 28), .. Enumerable.Repeat((byte)255, 72 * 28)]).ToPicture();

    void RepeatsChange(PictureChange change, string? model = null)
    {
        var request = Request("cat") with { Change = change, Model = model ?? EmojiModel.Folder };
        request = request with { Options = request.Options with { Steps = 4 }, Seeds = [3, 4] };
        Repeats(request, again => again with { Change = new PictureChange(change.Picture) { Mask = change.Mask } });
    }

    [Fact]
    public void PicturesAreChangedTheSameWayAgainWithThePictureBeside()
    {
        RepeatsChange(Change() with { Strength = 0.45 });
        RepeatsChange(Change() with { Strength = 1, Fit = PictureFit.Crop });
        RepeatsChange(Change() with { Outpaint = new(0, 0, 24, 8), Content = MaskedContent.Noise });
    }

    [Theory]
    [InlineData(MaskedContent.Original), InlineData(MaskedContent.Surroundings), InlineData(MaskedContent.Noise), InlineData(MaskedContent.Nothing)]
    public void PartsArePaintedAgainWhateverLiesUnderTheMask(MaskedContent content)
    {
        RepeatsChange(Change(Half) with { Content = content, Strength = 0.7, MaskBlur = 0 });
        RepeatsChange(Change(Half) with { Content = content, OnlyMasked = true, Padding = 5, Inverts = true, MaskBlur = 3 });
    }

    [Fact]
    public void AnInpaintingModelPaintsTheSameAgain()
    {
        RepeatsChange(Change(Half) with { Strength = 1 }, shared.Inpainting);
        RepeatsChange(Change(Half) with { Strength = 0.6, Content = MaskedContent.Nothing }, shared.Inpainting);
    }

    [Fact]
    public void APictureThatIsChangedAndDrawnLargerHasBothStrengthsInItsText()
    {
        var request = With(options => options with { Hires = new(1.5, 0.55) }) with { Change = Change() with { Strength = 0.4 } };
        Repeats(request, again => again with { Change = new PictureChange(folder["init.png"]) });
    }

    [Fact]
    public void ARefinerTakesOverAtTheSameShareAgain()
    {
        string refiner = folder["refiner.safetensors"];
        TinyRefiner.Write(refiner);
        var request = Request("a fox") with { Model = Large, Refiner = new(refiner, 0.4), Seeds = [3, 4] };
        Repeats(request, again => again with { Refiner = new(refiner) });
        Repeats(request with { Options = request.Options with { Hires = new(1.5, 0.6) } }, again => again with { Refiner = new(refiner) });
        var text = InfoText.Parse(PictureFile.ReadInfoText(Directory.GetFiles(folder["made"])[0])!);
        Assert.Equal(("refiner", "0.4"), (text["Refiner"], text["Refiner switch at"]));
    }

    static string Large => Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", "sdxl");

    [Theory, InlineData("jpeg"), InlineData("webp"), InlineData("avif")]
    public void FilesOfEveryFormatAreTheSameAgain(string format) => Repeats(Request("cat") with { Encoding = new(PictureFormat.Named(format)) });
}
