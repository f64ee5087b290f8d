using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>Over the tiny random models that lie among the goldens.</summary>
public sealed class TextToImageTests(TextToImageTests.Models models) : IClassFixture<TextToImageTests.Models>
{
    /// <summary>The models, loaded once.</summary>
    public sealed class Models : IDisposable
    {
        public StableDiffusion Sd1 { get; } = Load("sd1");

        public StableDiffusion Sdxl { get; } = Load("sdxl");

        public void Dispose()
        {
            Sd1.Dispose();
            Sdxl.Dispose();
        }
    }

    static StableDiffusion Load(string name) =>
        StableDiffusion.Load(Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", name), Lowrank.Torch.Layers.Storage.Default);

    static GenerateOptions Options => new() { Prompts = ["a fox", "a pen, red"], NegativePrompt = "bad", Width = 64, Height = 32, Steps = 3, Seeds = [7] };

    IReadOnlyList<Picture> Generate(GenerateOptions options, StableDiffusion? model = null) =>
        new TextToImage(model ?? models.Sd1, Precision.Float32, CPU).Generate(options, cancel: TestContext.Current.CancellationToken);

    [Fact]
    public void PicturesHaveTheSizeAndTheTextThatWasAskedFor()
    {
        var pictures = Generate(Options);
        Assert.Equal(2, pictures.Count);
        Assert.All(pictures, p => Assert.Equal((64, 32), (p.Width, p.Height)));
        var info = InfoText.Parse(pictures[1].InfoText!);
        Assert.Equal(("a pen, red", "bad", "8", "DPM++ 2M", "Karras"), (info.Prompt, info.NegativePrompt, info["Seed"], info["Sampler"], info["Schedule type"]));
        Assert.Equal((64, 32), info.Size);
        Assert.StartsWith("lowrank 0.", info["Version"]);
    }

    [Theory]
    [InlineData("euler_a")]
    [InlineData("dpm++2m")]
    [InlineData("dpm_adaptive")]
    [InlineData(null)]
    public void APictureDoesNotDependOnItsBatch(string? sampler)
    {
        // A network of chance is rough: a low tolerance would take DPM adaptive hundreds of steps.
        var coarse = new DpmAdaptiveOptions { RelativeTolerance = 10, AbsoluteTolerance = 10, FirstLength = 1 };
        var options = Options with { ImagesPerPrompt = 2, Sampler = sampler, SamplerOptions = new() { Adaptive = coarse } };
        var together = Generate(options);
        var alone = Generate(options with { Batch = 1 });
        Assert.Equal(4, together.Count);
        // Batched products round otherwise than single ones: a step of 255 is allowed.
        foreach (var (a, b) in together.Zip(alone)) Assert.True(a.Pixels.Zip(b.Pixels).All(p => Math.Abs(p.First - p.Second) <= 1));
        var last = Generate(options with { Prompts = ["a pen, red"], ImagesPerPrompt = 1, Seeds = [10] })[0];
        Assert.True(last.Pixels.Zip(together[3].Pixels).All(p => Math.Abs(p.First - p.Second) <= 1));
        Assert.False(together[0].Pixels.SequenceEqual(together[1].Pixels));
    }

    [Theory]
    [InlineData("sd1", false)]
    [InlineData("sdxl", false)]
    [InlineData("sd1", true)]
    public void PicturesAreTheSameWherePartsAreFreedAndNoPartIsLeft(string name, bool twoPasses)
    {
        using var model = Load(name);
        var options = Options with { Batch = 1, Hires = twoPasses ? new HiresOptions(2) { Upscaler = "Lanczos" } : null };
        var kept = Generate(options, model);
        using var freeing = Load(name);
        long before = LeakGuard.Live;
        var pipeline = new TextToImage(freeing, Precision.Float32, CPU) { FreesParts = true };
        for (int call = 0; call < 2; call++)
        {
            var drawn = pipeline.Generate(options, cancel: TestContext.Current.CancellationToken);
            Assert.Equal(kept.Select(one => one.Pixels), drawn.Select(one => one.Pixels));
            Assert.Equal(before, LeakGuard.Live);
        }
    }

    [Fact]
    public void TheSameSeedGivesTheSameBytesAndNoSeedAnotherPicture()
    {
        Assert.Equal(Generate(Options)[0].Pixels, Generate(Options)[0].Pixels);
        Assert.NotEqual(Generate(Options with { Seeds = [] })[0].Pixels, Generate(Options with { Seeds = [] })[0].Pixels);
    }

    [Fact]
    public void WithoutGuidanceTheNegativePromptPlaysNoPart() =>
        Assert.Equal(Generate(Options with { GuidanceScale = 1 })[0].Pixels, Generate(Options with { GuidanceScale = 1, NegativePrompt = "else" })[0].Pixels);

    [Fact]
    public void GuidanceMixesAndRescalingRestoresTheContrast()
    {
        using var scope = NewDisposeScope();
        var both = randn(4, 4, 8, 8);
        var (negative, positive) = (both[..2], both[2..]);
        Assert.True(new ClassifierFreeGuidance(3).Combine(negative, positive).allclose(negative + 3 * (positive - negative), 1e-5, 1e-5));
        var deviation = new ClassifierFreeGuidance(7, 1).Combine(negative, positive).flatten(1).std(1);
        Assert.True(deviation.allclose(positive.flatten(1).std(1), 1e-4, 1e-5));
    }

    [Fact]
    public void ProgressIsToldAfterEveryStep()
    {
        var seen = new List<SamplingProgress>();
        new TextToImage(models.Sd1, Precision.Float32, CPU).Generate(Options with { Batch = 1 }, new Listener(seen.Add), TestContext.Current.CancellationToken);
        Assert.Equal([(1, 0), (2, 0), (3, 0), (1, 1), (2, 1), (3, 1)], seen.Select(p => (p.Step, p.Picture)));
        Assert.Equal(1, seen[^1].Share(1));
    }

    [Fact]
    public void ItCanBeStoppedAndLeavesNothingBehind()
    {
        Generate(Options);   // loads the model
        using var stop = new CancellationTokenSource();
        LeakGuard.NoTensorLeaks(() => Assert.Throws<OperationCanceledException>(
            () => new TextToImage(models.Sd1, Precision.Float32, CPU).Generate(Options, new Listener(_ => stop.Cancel()), stop.Token)));
        LeakGuard.NoTensorLeaks(() => Generate(Options));
    }

    [Fact]
    public void Bfloat16DrawsNearlyTheSame()
    {
        var half = new TextToImage(models.Sd1, Precision.BFloat16, CPU).Generate(Options, cancel: TestContext.Current.CancellationToken)[0];
        double difference = half.Pixels.Zip(Generate(Options)[0].Pixels).Average(p => Math.Abs(p.First - p.Second));
        Assert.InRange(difference, 0, 10);
    }

    [Fact]
    public void XLTakesItsSizesAndZerosForAMissingNegativePrompt()
    {
        var xl = models.Sdxl;
        var options = Options with { Prompts = ["a fox"], NegativePrompt = null };
        var plain = Generate(options, xl)[0].Pixels;
        Assert.NotEqual(plain, Generate(options with { NegativePrompt = "" }, xl)[0].Pixels);
        Assert.NotEqual(plain, Generate(options with { Sizes = SizeConditions.Of(256, 256) }, xl)[0].Pixels);
        Assert.Equal(plain, Generate(options with { Sizes = SizeConditions.Of(64, 32) }, xl)[0].Pixels);
    }

    [Fact]
    public void ImpossibleWishesAreAllNamed()
    {
        var error = Assert.Throws<LowrankException>(() => Generate(Options with { Width = 63, Steps = 0, GuidanceScale = double.NaN, Seeds = [1, 2, 3] }));
        foreach (string fault in new[] { "`width` is 63", "`steps` is 0", "`guidance` is NaN", "3 seeds for 2 pictures" }) Assert.Contains(fault, error.Message);
        Assert.Contains("`clip skip` is 99", Assert.Throws<LowrankException>(() => Generate(Options with { ClipSkip = 99 })).Message);
    }

    sealed class Listener(Action<SamplingProgress> told) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => told(value);
    }
}
