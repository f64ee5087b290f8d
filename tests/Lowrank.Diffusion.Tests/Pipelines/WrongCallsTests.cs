using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>Calls of the pipeline that cannot be met: each is told in words, before anything is computed.</summary>
public sealed class WrongCallsTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly StableDiffusion model = StableDiffusion.Load(
        Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", "sd1"), Lowrank.Torch.Layers.Storage.Default);

    public void Dispose()
    {
        model.Dispose();
        scope.Dispose();
    }

    static GenerateOptions Options => new() { Prompt = "a fox", Width = 64, Height = 32, Steps = 2, Seeds = [7] };

    TextToImage Pipeline => new(model, Precision.Float32, CPU);

    string Fault(GenerateOptions options) =>
        Assert.ThrowsAny<LowrankException>(() => Pipeline.Generate(options, cancel: TestContext.Current.CancellationToken)).Message;

    [Fact]
    public void AMaskOfLevelsIsRefused()
    {
        using var scope = NewDisposeScope();
        var levels = tensor(new byte[] { 0, 255, 0, 255 }, ScalarType.Byte).reshape(1, 1, 2, 2);
        var picture = zeros(1, 3, 2, 2);
        Assert.Contains("255", Told<LowrankException>(() => new InpaintStart(picture, levels, 0.5)), StringComparison.Ordinal);
        Assert.Contains("-0.5", Told<LowrankException>(() => new InpaintStart(picture, full([1, 1, 2, 2], -0.5), 0.5)), StringComparison.Ordinal);
        foreach (var mask in new[] { levels.gt(0), levels / 255.0, ones(1, 1, 2, 2) }) Assert.NotNull(new InpaintStart(picture, mask, 0.5));
    }

    [Fact]
    public void WhatIsNullIsNamed()
    {
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => Pipeline.Generate(null!, cancel: TestContext.Current.CancellationToken)).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => Pipeline.Latents(null!, cancel: TestContext.Current.CancellationToken)).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => Pipeline.Size(null!)).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => Pipeline.TiesBatch(null!)).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => Pipeline.InfoText(null!)).ParamName);
        Assert.Equal("prompt", Assert.Throws<ArgumentNullException>(() => Pipeline.Shape(null!, Options)).ParamName);
        Assert.Equal("model", Assert.Throws<ArgumentNullException>(() => new TextToImage(null!, Precision.Float32, CPU)).ParamName);
        Assert.Equal("precision", Assert.Throws<ArgumentNullException>(() => new TextToImage(model, null!, CPU)).ParamName);
        Assert.Equal("device", Assert.Throws<ArgumentNullException>(() => new TextToImage(model, Precision.Float32, null!)).ParamName);
        Assert.Equal("model", Assert.Throws<ArgumentNullException>(() => Options.Checked(null!)).ParamName);
    }

    [Fact]
    public void OptionsThatAreNullAreNamedTogether()
    {
        string told = Fault(Options with { Prompts = null!, Start = null!, Tiling = null!, NoiseSource = null!, SamplerOptions = null! });
        foreach (string name in new[] { "Prompts", "Start", "Tiling", "NoiseSource", "SamplerOptions" })
            Assert.Contains($"{name} is null", told, StringComparison.Ordinal);
        Assert.Contains("one of Prompts is null", Fault(Options with { Prompts = ["a", null!] }), StringComparison.Ordinal);
        Assert.Contains("Seeds is null", Fault(Options with { Seeds = null! }), StringComparison.Ordinal);
        Assert.Contains("Compat is null", Fault(Options with { Compat = null! }), StringComparison.Ordinal);
        Assert.Contains("the model of Refiner is null", Fault(Options with { Refiner = new(null!) }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1 << 20, 1 << 20, "1048576x1048576 are 1099512 megapixels (fewer than 200)")]
    [InlineData(1 << 30, 32, "megapixels")]
    [InlineData(0, 32, "`width` is 0 (a multiple of")]
    [InlineData(-64, 32, "`width` is -64 (a multiple of")]
    [InlineData(64, 31, "`height` is 31 (a multiple of")]
    public void SizesThatCannotBeAreTold(int width, int height, string said) =>
        Assert.Contains(said, Fault(Options with { Width = width, Height = height }), StringComparison.Ordinal);

    [Fact]
    public void NumbersThatCannotBeAreTold()
    {
        Assert.Contains("images per prompt is 0 (1 or more)", Fault(Options with { ImagesPerPrompt = 0 }), StringComparison.Ordinal);
        Assert.Contains("there are 4294967294 pictures (at most 1000000", Fault(Options with { Prompts = ["a", "b"], ImagesPerPrompt = int.MaxValue }), StringComparison.Ordinal);
        Assert.Contains("`batch` is -1 (1 or more)", Fault(Options with { Batch = -1 }), StringComparison.Ordinal);
        Assert.Contains("`steps` is 0 (1 to 1000)", Fault(Options with { Steps = 0 }), StringComparison.Ordinal);
        Assert.Contains("megapixels", Fault(Options with { Hires = new(1e9) }), StringComparison.Ordinal);
        Assert.Contains("`clip skip` is 0", Fault(Options with { ClipSkip = 0 }), StringComparison.Ordinal);
        Assert.Contains("`clip skip` is 99", Fault(Options with { ClipSkip = 99 }), StringComparison.Ordinal);
    }

    [Fact]
    public void APictureToBeginWithHasTheShapeAndTheValuesOfOne()
    {
        Assert.Equal("pictures", Assert.Throws<ArgumentNullException>(() => new PictureStart(null!, 0.5)).ParamName);
        Assert.Equal("mask", Assert.Throws<ArgumentNullException>(() => new InpaintStart(zeros(1, 3, 32, 64), null!, 0.5)).ParamName);
        Assert.Equal("latents", Assert.Throws<ArgumentNullException>(() => new LatentsStart(null!, 0.5)).ParamName);
        Assert.Contains("is (3, 32, 64), and must be (number, 3, height, width)", Told<ShapeException>(() => new PictureStart(zeros(3, 32, 64), 0.5)), StringComparison.Ordinal);
        Assert.Contains("is (1, 4, 32, 64)", Told<ShapeException>(() => new PictureStart(zeros(1, 4, 32, 64), 0.5)), StringComparison.Ordinal);
        Assert.Contains("are Byte; they are numbers in [-1, 1]", Told<LowrankException>(() => new PictureStart(zeros([1, 3, 32, 64], dtype: ScalarType.Byte), 0.5)), StringComparison.Ordinal);
        Assert.Contains("hold values up to 255", Told<LowrankException>(() => new PictureStart(full([1, 3, 32, 64], 255f), 0.5)), StringComparison.Ordinal);
        Assert.Contains("hold values up to NaN", Told<LowrankException>(() => new PictureStart(full([1, 3, 32, 64], float.NaN), 0.5)), StringComparison.Ordinal);
        Assert.Contains("mask to begin with is (1, 3, 32, 64)", Told<ShapeException>(() => new InpaintStart(zeros(1, 3, 32, 64), zeros(1, 3, 32, 64), 0.5)), StringComparison.Ordinal);
    }

    static string Told<T>(Func<object> make) where T : Exception => Assert.Throws<T>(make).Message;

    [Fact]
    public void APictureToBeginWithHasTheSizeThatIsDrawn()
    {
        Assert.Contains("the picture to begin with has 32x64 pixels, and 64x32 are drawn", Fault(Options with { Start = new PictureStart(zeros(1, 3, 64, 32), 0.5) }), StringComparison.Ordinal);
        Assert.Contains("the mask to begin with has 32x32 pixels", Fault(Options with { Start = new InpaintStart(zeros(1, 3, 32, 64), zeros(1, 1, 32, 32), 0.5) }), StringComparison.Ordinal);
        var picture = zeros(1, 3, 32, 64);
        var start = new PictureStart(picture, 0.5);
        picture.Dispose();
        Assert.Contains("was disposed of", Fault(Options with { Start = start }), StringComparison.Ordinal);
        Assert.Contains("3 were given", Fault(Options with { Start = new PictureStart(zeros(3, 3, 32, 64), 0.5) }), StringComparison.Ordinal);
        Assert.Contains("latents to begin with have the shape (1, 4, 2, 2)", Fault(Options with { Start = new LatentsStart(zeros(1, 4, 2, 2), 0.5) }), StringComparison.Ordinal);
        Assert.Contains("`strength` is 1.5", Fault(Options with { Start = new PictureStart(zeros(1, 3, 32, 64), 1.5) }), StringComparison.Ordinal);
    }

    [Fact]
    public void LatentsAndDrawsOfAnotherShapeAreTold()
    {
        int channels = model.VaeConfig.LatentChannels, factor = model.VaeConfig.Factor;
        Assert.Throws<ArgumentNullException>(() => Pipeline.Decode(null!));
        Assert.Throws<ArgumentNullException>(() => Pipeline.Encode(zeros(1, 3, 32, 64), null!));
        Assert.Contains("latents of shape (1, 9, 4, 4) cannot be decoded", Told<ShapeException>(() => Pipeline.Decode(zeros(1, 9, 4, 4))), StringComparison.Ordinal);
        Assert.Contains("cannot be decoded", Told<ShapeException>(() => Pipeline.Decode(zeros(channels, 4, 4))), StringComparison.Ordinal);
        string told = Told<ShapeException>(() => Pipeline.Encode(zeros(1, 3, 32, 64), zeros(1, channels, 1, 1)));
        Assert.Contains($"become latents of shape (1, {channels}, {32 / factor}, {64 / factor}), and the draw that picks them has the shape (1, {channels}, 1, 1)", told, StringComparison.Ordinal);
    }

    [Fact]
    public void AModelThatWasDisposedOfIsNotUsedAgain()
    {
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Pipeline.Generate(Options, cancel: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void AStopWithinAStepIsHeeded()
    {
        Pipeline.Generate(Options, cancel: TestContext.Current.CancellationToken);   // loads the model
        using var stop = new CancellationTokenSource();
        var options = Options with { BeforeStep = (step, _) => { if (step == 1) stop.Cancel(); } };
        int steps = 0;
        Assert.Throws<OperationCanceledException>(() => Pipeline.Latents(options, (_, _, _) => steps++, stop.Token));
        Assert.Equal(1, steps);
    }
}
