using System.Text.Json;

namespace Lowrank.Training.Tests;

public sealed class RecipeFileTests
{
    static TrainingRecipe Parse(string yaml) => RecipeFile.Parse(yaml, "some.yaml");

    static string Fault(string yaml) => Assert.Throws<LowrankException>(() => Parse(yaml)).Message;

    [Fact]
    public void What_a_file_leaves_out_keeps_its_default() =>
        Assert.Equal(new TrainingRecipe { Rank = 8, LearningRate = 5e-4 }, Parse("rank: 8\nlearning_rate: 5e-4\n") with { SamplePrompts = new TrainingRecipe().SamplePrompts });

    [Theory, InlineData(""), InlineData("# only a comment\n"), InlineData("---\n")]
    public void An_empty_file_is_all_defaults(string yaml) => Assert.Equal(RecipeFile.Format(new()), RecipeFile.Format(Parse(yaml)));

    [Fact]
    public void Every_field_comes_back_as_it_was_written()
    {
        var recipe = new TrainingRecipe
        {
            BaseModel = @"C:\models\my model", BaseModelConfig = "like", Pictures = "/pictures/träume", Output = "-out", Name = "yes", Rank = 3, Alpha = 1.5, ConvRank = 2, ConvAlpha = 0.5, TrainUnet = false,
            TrainTextEncoder = true, LearningRate = 1.25e-5, UnetLearningRate = 2e-4, TextEncoderLearningRate = 3e-5, Schedule = LearningRateCurve.CosineWithRestarts, Warmup = 10, Cycles = 3,
            Power = 2.5, Beta1 = 0.8, Beta2 = 0.99, Epsilon = 1e-7, WeightDecay = 0.1, Steps = 0, Epochs = 7, BatchSize = 5, Accumulation = 2, MaxGradNorm = 0, Width = 768, Height = 640,
            AllowUpscale = true, Precision = "bf16", Threads = 2, Seed = 7, MinSnrGamma = 0, NoiseOffset = 0.05, Prediction = "v_prediction", ClipSkip = 2, GradientCheckpointing = true,
            Dropout = 0.1, RankDropout = 0.2, ModuleDropout = 0.3, CaptionDropout = 0.4, CacheToDisk = true, SaveEvery = 100, SaveDtype = "bf16", SampleEvery = 50,
            SamplePrompts = ["a cat, \"quoted\"", "two\nlines", "true", "# no comment", "with: colon", "1.5"], SampleSteps = 9, SampleGuidance = 4.5, Loss = "huber", HuberSchedule = "constant", HuberC = 0.2, DebiasedEstimation = true,
            MultiresNoiseIterations = 3, MultiresNoiseDiscount = 0.4, IpNoiseGamma = 0.05, Method = "lokr", MethodArgs = ["factor=8", "use_tucker=true"],
            RankStabilized = true, Dora = "output", LearnedScalar = true, Preset = "full", Targets = ["*.attn2.*", "class:Attention"], Exclude = ["/.*to_q/"], Rules = ["match=*.ff.* method=none"],
            TrainNorm = true, BlockRanks = [1, 2], BlockAlphas = [0.5, 1], BlockConvRanks = [3], BlockConvAlphas = [4], BlockLearningRates = [0, 1], LoraplusRatio = 16, LoraplusUnetRatio = 8,
            LoraplusTextEncoderRatio = 4, InitBatches = 3, LoraplusStyle = "peft", Precondition = true, ScaleWeightNorms = 1.5, MinTimestep = 20, MaxTimestep = 900, ZeroTerminalSnr = true, Tensorboard = false, Resume = true, Overwrite = true,
        };
        var back = Parse(RecipeFile.Format(recipe));
        Assert.All(typeof(TrainingRecipe).GetProperties(), p => Assert.NotEqual(p.GetValue(new TrainingRecipe()), p.GetValue(recipe)));   // a new field must be added above
        Assert.All(RecipeFields.All.Where(f => f.IsList), f => Assert.Equal(f.Texts!(recipe), f.Texts(back)));
        Assert.Equal(recipe with { SamplePrompts = [] }, back with { SamplePrompts = [], MethodArgs = recipe.MethodArgs, Targets = recipe.Targets, Exclude = recipe.Exclude, Rules = recipe.Rules, BlockRanks = recipe.BlockRanks,
            BlockAlphas = recipe.BlockAlphas, BlockConvRanks = recipe.BlockConvRanks, BlockConvAlphas = recipe.BlockConvAlphas, BlockLearningRates = recipe.BlockLearningRates });
    }

    [Fact]
    public void Every_property_is_a_field_of_its_name() =>
        Assert.Equal(typeof(TrainingRecipe).GetProperties().Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)).Order(), RecipeFields.All.Select(f => f.Name).Order());

    [Fact]
    public void An_unknown_key_is_told_with_its_place_and_the_nearest_names()
    {
        string fault = Fault("rank: 4\n  \nlearning_rat: 1\n");
        Assert.Contains("line 3, column 1", fault);
        Assert.Contains("learning_rate", fault);
    }

    [Fact]
    public void A_doubled_key_is_told_with_its_place() => Assert.Contains("line 3, column 1", Fault("rank: 4\nalpha: 2\nrank: 5\n"));

    [Fact]
    public void A_value_of_another_kind_is_told_with_its_place()
    {
        string fault = Fault("rank: 4\nsteps: many\n");
        Assert.Contains("line 2, column", fault);
        Assert.Contains("many", fault);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        string fault = Fault("ranc: 4\nsteps: many\noverwrite: perhaps\n");
        Assert.Contains("line 1", fault);
        Assert.Contains("line 2", fault);
        Assert.Contains("line 3", fault);
    }

    [Theory, InlineData("- rank\n"), InlineData("rank\n"), InlineData("rank: [1, 2]\n"), InlineData("rank: {a: 1}\n"), InlineData("rank: 4\n\tsteps: 5\n"), InlineData("rank: 4\n---\nrank: 5\n")]
    public void What_is_no_list_of_fields_is_an_error(string yaml) => Assert.Contains("some.yaml", Fault(yaml));

    [Fact]
    public void Null_leaves_a_field_unset()
    {
        Assert.Null(Parse("alpha: null\n").Alpha);
        Assert.Null(Parse("alpha:\n").Alpha);
    }

    [Fact]
    public void A_missing_file_is_an_error_that_names_it() => Assert.Contains("nowhere.yaml", Assert.Throws<LowrankException>(() => RecipeFile.Read("nowhere.yaml")).Message);

    [Theory, InlineData("ink.yaml"), InlineData("style-sd15.yaml")]
    public void The_recipes_that_come_with_the_program_are_usable(string name) => RecipeFile.Read(Path.Combine(GoldenFolder.Repository, "recipes", name)).Checked();
}
