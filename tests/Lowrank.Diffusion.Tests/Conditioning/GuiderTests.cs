using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>How the network is asked.</summary>
public sealed class GuiderTests
{
    // A network whose answer is the mean of what it is told.
    static Tensor Ask(Tensor x, NetworkCondition condition)
    {
        Assert.Equal(x.shape[0], condition.Context.shape[0]);
        return x * 0 + condition.Context.mean([1, 2], keepdim: true).unsqueeze(-1);
    }

    static NetworkCondition Told(double value) => new(full([2, 3, 5], value, device: CPU), null);

    [Fact]
    public void GuidanceAsksBothInOneBatchAndGoesPastThePrompt()
    {
        using var scope = NewDisposeScope();
        var told = new PromptConditions(Told(3), Told(1));
        var answer = new ClassifierFreeGuidance(4).Answer(Ask, zeros(2, 4, 8, 8, device: CPU), default, told).Guided;
        Assert.Equal([2, 4, 8, 8], answer.shape);
        Assert.Equal(1 + 4 * (3 - 1), answer.mean().item<float>(), 1e-5);
    }

    [Fact]
    public void WithoutGuidanceThePromptAloneIsAsked()
    {
        using var scope = NewDisposeScope();
        var answer = new PromptAlone().Answer(Ask, zeros(2, 4, 8, 8, device: CPU), default, new PromptConditions(Told(3), null)).Guided;
        Assert.Equal(3, answer.mean().item<float>(), 1e-5);
    }

    [Fact]
    public void PromptsThatAreJoinedAddUpByTheirWeights()
    {
        using var scope = NewDisposeScope();
        // The first picture is of two prompts, the second of one.
        var positive = new NetworkCondition(cat([full([1, 3, 5], 3.0, device: CPU), full([1, 3, 5], 7.0, device: CPU), full([1, 3, 5], 2.0, device: CPU)]), null);
        var told = new PromptConditions(positive, Told(1), [[0.5, -0.25], [1]]);
        var answer = new ClassifierFreeGuidance(4).Answer(Ask, zeros(2, 4, 8, 8, device: CPU), default, told);
        Assert.Equal(1 + 4 * (0.5 * (3 - 1) - 0.25 * (7 - 1)), answer.Guided[0].mean().item<float>(), 1e-5);
        Assert.Equal(1 + 4 * (2 - 1), answer.Guided[1].mean().item<float>(), 1e-5);
        Assert.Equal([2, 4, 8, 8], answer.Negative!.shape);
        Assert.Throws<LowrankException>(() => new PromptAlone().Answer(Ask, zeros(2, 4, 8, 8, device: CPU), default, told));
    }

    [Theory]
    [InlineData(0, 0, 1, 3), InlineData(0, 1, 1 + 4 * (7 - 1), 4), InlineData(0.5, 0, 1 + 4 * 0.5 * (3 - 1), 4), InlineData(1, 1, 1 + 4 * (2 + 6), 5)]
    public void WhatHasNoWeightIsNotAskedAbout(double first, double second, double wanted, long rows)
    {
        using var scope = NewDisposeScope();
        var positive = new NetworkCondition(cat([full([1, 3, 5], 3.0, device: CPU), full([1, 3, 5], 7.0, device: CPU), full([1, 3, 5], 2.0, device: CPU)]), null);
        var told = new PromptConditions(positive, Told(1), [[first, second], [1]]);
        long asked = 0;
        var answer = new ClassifierFreeGuidance(4).Answer(Counted, zeros(2, 4, 8, 8, device: CPU), default, told);
        Assert.Equal(wanted, answer.Guided[0].mean().item<float>(), 1e-5);
        Assert.Equal(1 + 4 * (2 - 1), answer.Guided[1].mean().item<float>(), 1e-5);
        Assert.Equal(rows, asked);   // two of them negative ones

        Tensor Counted(Tensor x, NetworkCondition condition)
        {
            asked += x.shape[0];
            return Ask(x, condition);
        }
    }

    [Fact]
    public void WithoutTheNegativePromptTheFirstStandsForItWhateverItsWeight()
    {
        using var scope = NewDisposeScope();
        var positive = new NetworkCondition(cat([full([1, 3, 5], 3.0, device: CPU), full([1, 3, 5], 7.0, device: CPU)]), null);
        var told = new PromptConditions(positive, new(full([1, 3, 5], 1.0, device: CPU), null), [[0, 0.5]]);
        var answer = new WebUiGuidance(4, 1) { SkipEarly = 1 }.Answer(Ask, zeros(1, 4, 8, 8, device: CPU), default, told);
        Assert.Equal(3 + 0.5 * (7 - 3), answer.Guided.mean().item<float>(), 1e-5);
        Assert.Equal(3, answer.Negative!.mean().item<float>(), 1e-5);
    }

    [Fact]
    public void TextsWhoseLengthsDoNotGoTogetherAreAskedAboutOneAfterTheOther()
    {
        using var scope = NewDisposeScope();
        var told = new PromptConditions(new(full([2, 7, 5], 3.0, device: CPU), null), new(full([2, 6, 5], 1.0, device: CPU), null));
        Assert.Null(told.NegativeThenPositive);
        var answer = new ClassifierFreeGuidance(4).Answer(Ask, zeros(2, 4, 8, 8, device: CPU), default, told).Guided;
        Assert.Equal(1 + 4 * (3 - 1), answer.mean().item<float>(), 1e-5);
    }

    [Fact]
    public void NothingIsLeftBehind() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        new ClassifierFreeGuidance(7, 0.7).Answer(Ask, randn(2, 4, 8, 8, device: CPU), default, new PromptConditions(Told(3), Told(1)));
    });

    // Asks the network about nothing but the negative prompt.
    sealed class NegativeAlone : Guider
    {
        public override bool AsksNegative => true;

        public override NetworkAnswer Answer(Func<Tensor, NetworkCondition, Tensor> ask, Tensor x, NoiseLevel level, PromptConditions told) =>
            ask(x, told.Negative!);
    }

    [Fact]
    public void AGuiderOfOnesOwnAsksForPictures()
    {
        using var model = StableDiffusion.Load(
            Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", "sd1"), Lowrank.Torch.Layers.Storage.Default);
        var options = new GenerateOptions { Prompt = "a fox", NegativePrompt = "a pen", Width = 32, Height = 32, Steps = 3, Seeds = [7] };
        Assert.Equal(Pixels(options with { Prompt = "a pen", GuidanceScale = 1 }), Pixels(options with { Guider = new NegativeAlone() }));

        byte[] Pixels(GenerateOptions options) =>
            new TextToImage(model, Precision.Float32, CPU).Generate(options, cancel: TestContext.Current.CancellationToken)[0].Pixels;
    }
}
