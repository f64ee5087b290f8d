namespace Lowrank.Training.Tests;

/// <summary>Which learning rate a component has goes by what it does, not by its name.</summary>
public sealed class RateGroupsTests
{
    static readonly Dictionary<string, ComponentRole> roles = new()
    {
        ["prior"] = ComponentRole.Denoiser, ["words"] = ComponentRole.TextEncoder, ["text_encoder_of_mine"] = ComponentRole.Network,
    };

    static Lora Small(string path) =>
        new(new Target(path, LayerKind.Linear, [3, 3]), zeros([1, 3], device: CPU), zeros([3, 1], device: CPU));

    [Fact]
    public void TextEncodersHaveTheirRateAndAllElseHasTheOther()
    {
        using var adapter = new Adapter("adapter", [Small("words.q"), Small("prior.q"), Small("text_encoder_of_mine.q")]);
        var groups = RateGroups.Of(adapter, roles, [], unetRate: 2, textEncoderRate: 3, new LoraPlus(TextEncoderRatio: 4));
        Assert.Equal([("unet", 2), ("text_encoder", 3), ("text_encoder plus", 12)], groups.Select(group => (group.Name, group.Rate)));
        Assert.Equal(["prior.q", "text_encoder_of_mine.q"], groups[0].Parameters.Select(parameter => parameter.Target).Distinct());
        Assert.All(groups.Skip(1), group => Assert.Equal(["words.q"], group.Parameters.Select(parameter => parameter.Target).Distinct()));
    }

    // A layer in (IA)³ of PEFT's with a trained bias.
    static Attachment Scaled(nn.Module model) =>
        ModelDescription.Of(model).Adapt("*", new Ia3Options(new MethodOptions(1) { TrainBias = true }) { ScaleBias = true }, Methods.Named("ia3"));

    [Fact]
    public void WhatAWrapperTrainsIsNotDrawnToWhereItsMethodIs()
    {
        using var model = nn.Sequential(("q", nn.Linear(3, 3)));
        using var made = Scaled(model);
        var groups = RateGroups.Of(made.Adapter, roles, [], unetRate: 2, textEncoderRate: 3, new LoraPlus());
        var toward = groups.SelectMany(group => group.Parameters.Select(one => (one.Name[(one.Name.LastIndexOf('.') + 1)..], group.DecaysToward)));
        Assert.Equal([("bias", 0.0), ("weight", -1.0)], toward.Order());
    }

    [Fact]
    public void WhatARecipeAsksForReachesTheOptimizerAndItsSchedule()
    {
        using var model = nn.Sequential(("q", nn.Linear(3, 3)));
        using var made = Scaled(model);
        var recipe = new OptimizationSection
        {
            LearningRate = 1, Schedule = "constant", Warmup = 0.4, Accumulation = 2, ScheduleCounting = "batches", DecayBiases = false,
        };
        var (optimizer, rates) = RunOptimizer.Of(recipe, roles, made.Adapter, [], totalSteps: 5);
        using (optimizer)
        {
            Assert.Equal([(true, -1.0), (false, 0.0)], optimizer.Groups.Select(group => (group.Decays, group.DecaysToward)).Order().Reverse());
            Assert.All(rates, rate => Assert.Equal([0.25, 0.75, 1, 1, 1], Enumerable.Range(0, 5).Select(rate.At)));
        }
    }

    [Theory]
    [InlineData(0.07, 100, 8, 7)]   // as Python's ceil does, of 7.000000000000001 too
    [InlineData(0.06, 17, 2, 1)]
    [InlineData(0.05, 1, 1, 0)]
    [InlineData(0, 17, 0, 0)]
    [InlineData(3, 17, 3, 3)]
    public void AShareOfWarmupIsRoundedUpForTextsAndDownForPictures(double warmup, int steps, int up, int down)
    {
        int Of(RecipeForm form) => (new TrainingRecipe(form).Optimization with { Warmup = warmup }).WarmupSteps(steps);
        Assert.Equal((up, down), (Of(LanguageRecipe.Form), Of(PictureRecipe.Form)));
    }

    [Theory, InlineData(true, false), InlineData(false, true)]
    public void ARecipeChoosesComponentsByWhatTheyDo(bool unet, bool text)
    {
        var plan = new NetworkSection { TrainUnet = unet, TrainTextEncoder = text }.ToPlan();
        Assert.Equal((unet, unet, text), (plan.Components(ComponentRole.Denoiser), plan.Components(ComponentRole.Network), plan.Components(ComponentRole.TextEncoder)));
    }
}
