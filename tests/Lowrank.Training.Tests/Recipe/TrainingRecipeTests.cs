namespace Lowrank.Training.Tests;

public sealed class TrainingRecipeTests
{
    static readonly TrainingRecipe good = Recipes.Empty().With((ModelSection s) => s with { BaseModel = "model" }).With((PictureSection s) => s with { Pictures = "pictures" });

    static string Fault(TrainingRecipe recipe) => Assert.Throws<LowrankException>(recipe.Checked).Message;

    [Fact]
    public void TheDefaultsCanBeRun() => Assert.Same(good, good.Checked());

    [Fact]
    public void AllFaultsAreToldAtOnceWithValueAndRange()
    {
        string fault = Fault(Recipes.Empty().With((NetworkSection s) => s with { Rank = 0, Dropout = 1 }).With((OptimizationSection s) => s with { LearningRate = double.NaN }).With((PictureSection s) => s with { Width = 100 }));
        Assert.Contains("base_model is missing", fault);
        Assert.Contains("pictures is missing", fault);
        Assert.Contains("rank is 0 (1 or more", fault);
        Assert.Contains("learning_rate is NaN (above 0", fault);
        Assert.Contains("width is 100 (a multiple of 8", fault);
        Assert.Contains("dropout is 1 (0 to below 1", fault);
    }

    [Fact]
    public void ASectionThatNobodySetIsMadeOnce() => Assert.Same(good.Network, Recipes.Empty().Network);

    public static IEnumerable<TheoryDataRow<string, string>> OutOfRange =>
    [
        new("rank", "-1"), new("alpha", "-0.5"), new("alpha", "NaN"), new("conv_rank", "-1"), new("conv_alpha", "-1"), new("learning_rate", "0"), new("learning_rate", "-1e-4"),
        new("learning_rate", "Infinity"), new("unet_learning_rate", "NaN"), new("text_encoder_learning_rate", "-1"), new("warmup", "-1"), new("warmup", "NaN"), new("cycles", "0"), new("power", "0"),
        new("beta1", "1"), new("beta2", "-0.1"), new("epsilon", "0"), new("weight_decay", "-1"), new("steps", "0"), new("batch_size", "0"), new("accumulation", "0"), new("max_grad_norm", "-1"),
        new("max_grad_norm", "NaN"), new("width", "0"), new("height", "12"), new("precision", "f16"), new("threads", "-1"), new("min_snr_gamma", "-1"), new("noise_offset", "NaN"), new("prediction", "sample"),
        new("clip_skip", "0"), new("dropout", "-0.1"), new("rank_dropout", "1"), new("module_dropout", "NaN"), new("caption_dropout", "1.5"), new("save_every", "-1"), new("save_dtype", "f8"),
        new("sample_every", "5"), new("sample_steps", "0"), new("sample_guidance", "NaN"), new("name", "a/b"), new("name", ""),
    ];

    [Theory, MemberData(nameof(OutOfRange))]
    public void AValueOutOfItsRangeIsToldByName(string field, string value) => Assert.Contains(field, Fault(PictureRecipe.Form.Named(field).With(good, value)));

    [Fact]
    public void ARecipeThatTrainsNothingIsAnError() => Assert.Contains("nothing to train", Fault(good.With((NetworkSection s) => s with { TrainUnet = false })));

    [Fact]
    public void AMisspeltScheduleIsToldWithTheOtherFaults()
    {
        string fault = Fault(good.With((OptimizationSection s) => s with { Schedule = "cosin" }).With((NetworkSection s) => s with { Rank = 0 }));
        Assert.Contains("there is no schedule \"cosin\" (nearest: cosine", fault);
        Assert.Contains("rank is 0", fault);
    }

    [Theory]
    [InlineData("", "", "goes by cycle_steps and cycle_shares, and neither is given")]
    [InlineData("0,5", "1", "cycle_steps has 2 numbers (0, 5) and cycle_shares 1 (1)")]
    [InlineData("5,0", "1,1", "cycle_steps is 5, 0, and steps rise from 0")]
    public void ACycleOfNoLinesIsToldBeforeTheRun(string steps, string shares, string told)
    {
        Dictionary<string, string> given = steps.Length == 0 ? [] : new() { ["cycle_steps"] = steps, ["cycle_shares"] = shares };
        Assert.Contains(told, Fault(good.With((OptimizationSection s) => s with { Schedule = "cycle", ScheduleArguments = given })));
    }

    [Fact]
    public void NoDecayIsKeptFromNoBias()
    {
        var given = new Dictionary<string, string> { ["weight_decay"] = "0" };
        var recipe = good.With((OptimizationSection s) => s with { DecayBiases = false });
        Assert.Empty(recipe.Idle());
        Assert.StartsWith("decay_biases is false and is not used: the optimizer adamw decays nothing",
            Assert.Single(recipe.With((OptimizationSection s) => s with { OptimizerArguments = given }).Idle()).Text);
    }

    [Fact]
    public void OurOwnRecipesGiveNothingThatActsOnNothing()
    {
        string[] recipes = Directory.GetFiles(Path.Combine(GoldenFolder.Repository, "recipes"), "*.yaml");
        Assert.NotEmpty(recipes);
        Assert.All(recipes, path => Assert.Empty(Recipes.Read(path).Idle()));
        Assert.Empty(Recipes.Empty().Idle());
    }

    [Fact]
    public void AnArgumentThatNothingHasIsNamedAsNotUsed()
    {
        var given = new Dictionary<string, string> { ["momentun"] = "0.9" };
        var recipe = good.With((OptimizationSection s) => s with { OptimizerArguments = given, ScheduleArguments = given });
        Assert.Equal(
            [
                "momentun is 0.9 and is not used: the schedule cosine has no such argument",
                "momentun is 0.9 and is not used: the optimizer adamw has no such argument",
            ], recipe.Idle().Select(line => line.Text));
    }
}
