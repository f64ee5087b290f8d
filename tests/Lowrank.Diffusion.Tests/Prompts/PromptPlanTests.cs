using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>Plans say texts in evaluations; pictures heed them.</summary>
public sealed class PromptPlanTests
{
    // "fox|pen" says the one before the turn and the other from it on.
    sealed record Turning(int turn) : PromptSyntax
    {
        public override PromptPlan Read(string prompt, PromptPass pass) => prompt.Split('|') is [var first, var then]
            ? new([new([new(0, $"a {first}"), new(turn, $"a {then}")])])
            : PromptPlan.Plain(prompt);

        public override PromptPlan ReadNegative(string prompt, PromptPass pass) => PromptPlan.Plain(prompt);
    }

    static byte[] Draw(StableDiffusion model, string prompt, PromptSyntax syntax)
    {
        var options = new GenerateOptions { Prompt = prompt, NegativePrompt = "bad", Width = 32, Height = 32, Steps = 4, Seeds = [7], Syntax = syntax };
        return new TextToImage(model, Precision.Float32, CPU).Generate(options, cancel: TestContext.Current.CancellationToken)[0].Pixels;
    }

    static StableDiffusion Model() => StableDiffusion.Load(
        Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", "sd1"), Lowrank.Torch.Layers.Storage.Default);

    [Fact]
    public void APlanTellsWhatItSaysInEachEvaluation()
    {
        var part = new Turning(2).Read("fox|pen", new(4)).Parts.Single();
        Assert.Equal(["a fox", "a fox", "a pen", "a pen"], Enumerable.Range(0, 4).Select(part.At));
        Assert.Equal([0, 2], part.Changes);
    }

    [Fact]
    public void ATimelineMakesAThingForEachTurnAndHoldsItToTheNext()
    {
        var timeline = new StepTimeline<string>([5, 2, 5], step => $"from {step}");
        Assert.Equal([0, 2, 5], timeline.Turns);
        Assert.Equal(["from 0", "from 0", "from 2", "from 2", "from 2", "from 5"], Enumerable.Range(0, 6).Select(timeline.At));
    }

    [Fact]
    public void APictureTurnsToTheOtherTextInTheStepThatThePlanNames()
    {
        using var model = Model();
        byte[] fox = Draw(model, "a fox", PromptSyntax.Plain), pen = Draw(model, "a pen", PromptSyntax.Plain);
        Assert.Equal(pen, Draw(model, "fox|pen", new Turning(0)));
        Assert.Equal(fox, Draw(model, "fox|pen", new Turning(4)));
        byte[] early = Draw(model, "fox|pen", new Turning(1)), late = Draw(model, "fox|pen", new Turning(3));
        Assert.Equal(4, new[] { fox, pen, early, late }.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void PromptsThatAreJoinedAreDrawnTogether()
    {
        using var model = Model();
        byte[] fox = Draw(model, "a fox", PromptSyntax.WebUi);
        Assert.Equal(fox, Draw(model, "a fox AND a pen:0", PromptSyntax.WebUi));
        Assert.Equal(fox, Draw(model, "a pen:0 AND a fox", PromptSyntax.WebUi));
        Assert.NotEqual(fox, Draw(model, "a fox AND a pen:0.5", PromptSyntax.WebUi));
    }

    [Fact]
    public void PromptsOfWhichNoneCountsAreTheNegativeOne()
    {
        using var model = Model();
        var alone = new GenerateOptions { Prompt = "bad", Width = 32, Height = 32, Steps = 4, Seeds = [7], GuidanceScale = 1 };
        byte[] bad = new TextToImage(model, Precision.Float32, CPU).Generate(alone, cancel: TestContext.Current.CancellationToken)[0].Pixels;
        Assert.Equal(bad, Draw(model, "a fox:0 AND a pen:0", PromptSyntax.WebUi));
    }
}
