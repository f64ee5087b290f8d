namespace Lowrank.Training.Tests;

/// <summary>A run that was stopped and goes on gives the same bits as one that was not.</summary>
public sealed class ResumeTests : IDisposable
{
    readonly Trial trial = new();

    public static IEnumerable<TheoryDataRow<string, Func<TrainingRecipe, TrainingRecipe>>> Recipes =>
    [
        new("plain", r => r),
        new("accumulation over the end of an epoch", r => r.With((OptimizationSection s) => s with { Accumulation = 3 })),
        new("every dropout", r => r.With((NetworkSection s) => s with { Dropout = 0.2, RankDropout = 0.2, ModuleDropout = 0.2 }).With((PictureSection s) => s with { CaptionDropout = 0.3 })),
        new("text encoder", r => r.With((NetworkSection s) => s with { TrainTextEncoder = true }).With((OptimizationSection s) => s with { TextEncoderLearningRate = 5e-4, Accumulation = 2 }).With((PictureSection s) => s with { CaptionDropout = 0.3 })),
        new("convolutions and offset noise", r => PictureRecipe.Form.Named("cycles").With(r, "2").With((NetworkSection s) => s with { ConvRank = 2 })
            .With((DenoisingSection s) => s with { NoiseOffset = 0.1 }).With((OptimizationSection s) => s with { Schedule = "cosine_with_restarts" })),
        new("checkpointing and dropout", r => r.With((ComputingSection s) => s with { GradientCheckpointing = true }).With((NetworkSection s) => s with { Dropout = 0.2, TrainTextEncoder = true })),
        new("DoRA and a learned scalar by rule and by block", r => r.With((NetworkSection s) => s with { LearnedScalar = true, RankStabilized = true, RankDropout = 0.2, ModuleDropout = 0.1, MethodArgs = ["dropout_style=lycoris"], Preset = "full", BlockLearningRates = [.. Enumerable.Repeat(1.0, 24), 0.5], Rules = ["match=class:Attention method=dora rank=3 learning_rate=1e-4", "match=conv_in method=none"] }).With((OptimizationSection s) => s with { ScaleWeightNorms = 0.01, BatchSize = 1, LoraplusRatio = 4 })),
        new("PiSSA with a dropout", r => r.With((NetworkSection s) => s with { Method = "pissa", Dropout = 0.2 }).With((OptimizationSection s) => s with { ScaleWeightNorms = 0.05 })),
        new("EVA", r => r.With((NetworkSection s) => s with { Method = "eva", InitBatches = 2 })),
        new("CorDA on convolutions", r => r.With((NetworkSection s) => s with { Method = "corda", ConvRank = 2, InitBatches = 2, Preset = "unet-convblock-only" })),
        new("LoRA-FA, preconditioned", r => r.With((NetworkSection s) => s with { Method = "lora-fa" }).With((OptimizationSection s) => s with { Precondition = true })),
        new("preconditioned, with PEFT's dropout and groups", r => r.With((OptimizationSection s) => s with { Precondition = true, LoraplusRatio = 2, LoraplusStyle = "peft" }).With((NetworkSection s) => s with { MethodArgs = ["lora_dropout=0.2"] })),
        new("bfloat16", r => r.With((ComputingSection s) => s with { Precision = "bf16" })),
    ];

    [Theory, MemberData(nameof(Recipes))]
    public void FiveStepsAndSevenMoreAreTwelve(string what, Func<TrainingRecipe, TrainingRecipe> change)
    {
        Assert.NotEmpty(what);
        var whole = trial.Run(r => change(r.With((SavingSection s) => s with { Name = "whole" }).With((OptimizationSection s) => s with { Steps = 12 })));

        using var stop = new CancellationTokenSource();
        var first = trial.RunUntil(stop.Token, r => change(r.With((SavingSection s) => s with { Name = "parts" }).With((OptimizationSection s) => s with { Steps = 12 })), new Recorder(step => { if (step.Step == 5) stop.Cancel(); }));
        Assert.True(first.Stopped);
        Assert.Equal(5, first.Steps);
        random.manual_seed(999);   // what happens between the two must not matter
        var recorder = new Recorder();
        var second = trial.Run(r => change(r.With((SavingSection s) => s with { Name = "parts", Resume = true }).With((OptimizationSection s) => s with { Steps = 12 })), recorder);

        Assert.Equal(Enumerable.Range(6, 7), recorder.Steps.Select(s => s.Step));
        Trial.AssertSameBits(whole.Files.State, second.Files.State);
        Trial.AssertSameBits(whole.AdapterPath, second.AdapterPath);
        Assert.Equal(12, File.ReadLines(second.Files.Metrics).Count());
    }

    // Every method that adapts a linear layer and that a file holds by itself, on the attention to the text; blocks of BOFT need the larger rank.
    public static IEnumerable<TheoryDataRow<string>> Methods =>
        from method in Lowrank.Methods.All
        where method != Lowrank.Methods.Named("kohya-oft") && method != Replacement.Descriptor && method.Refuses(new Target("example", LayerKind.Linear, [32, 32]), method.OwnOptions(new MethodOptions(4))) is null
        select new TheoryDataRow<string>(method.Name);

    [Theory, MemberData(nameof(Methods))]
    public void EveryMethodGoesOnWithTheSameBits(string method)
    {
        TrainingRecipe Recipe(TrainingRecipe r, string name) =>
            r.With((SavingSection s) => s with { Name = name }).With((NetworkSection s) => s with { Method = method, Rank = method == "boft" ? 16 : 4, Preset = "none", Targets = ["attn2"], Exclude = ["up_blocks"] }).With((OptimizationSection s) => s with { Steps = 4, BatchSize = 1 }).With((PictureSection s) => s with { Width = 16, Height = 16 });
        var whole = trial.Run(r => Recipe(r, "whole"));
        using var stop = new CancellationTokenSource();
        trial.RunUntil(stop.Token, r => Recipe(r, "parts"), new Recorder(step => { if (step.Step == 2) stop.Cancel(); }));
        random.manual_seed(999);
        var parts = trial.Run(r => Recipe(r, "parts").With((SavingSection s) => s with { Resume = true }));
        Trial.AssertSameBits(whole.Files.State, parts.Files.State);
        Trial.AssertSameBits(AdapterPlace.TensorsOf(whole.AdapterPath), AdapterPlace.TensorsOf(parts.AdapterPath));
    }

    [Fact]
    public void AStateOfAnotherRecipeIsRefusedWithTheFieldsThatDiffer()
    {
        trial.Run();
        string fault = Assert.Throws<LowrankException>(() => trial.Run(r => r.With((SavingSection s) => s with { Resume = true }).With((NetworkSection s) => s with { Rank = 4 }).With((ComputingSection s) => s with { Seed = 1 }))).Message;
        Assert.Contains("rank was 2 and is 4", fault);
        Assert.Contains("seed was 42 and is 1", fault);
    }

    [Fact]
    public void OtherPicturesAreRefusedToo()
    {
        trial.Run();
        trial.Add("1_place/f", "a hill");
        Assert.Contains("pictures", Assert.Throws<LowrankException>(() => trial.Run(r => r.With((SavingSection s) => s with { Resume = true }).With((OptimizationSection s) => s with { Steps = 8 }))).Message);
    }

    TrainingRecipe GoingOn(TrainingRecipe r) => r.With((SavingSection s) => s with { Resume = true }).With((OptimizationSection s) => s with { Steps = 6 });

    [Fact]
    public void TheSamePicturesInAnotherPlaceAreTheSame()
    {
        trial.Run();
        Directory.Move(trial["pictures"], trial["elsewhere"]);
        var recorder = new Recorder();
        trial.Run(r => GoingOn(r).With((PictureSection s) => s with { Pictures = Path.Combine(trial["."], "elsewhere", "..", "elsewhere") }), recorder);
        Assert.Equal([5, 6], recorder.Steps.Select(step => step.Step));
    }

    [Fact]
    public void TheSameBaseInAnotherPlaceIsTheSameAndAReplacedOneIsNoticed()
    {
        string copy = trial["base/tiny"];
        foreach (var file in Directory.GetFiles(Trial.ModelFolder, "*", SearchOption.AllDirectories))
            File.Copy(file, trial[Path.Combine("base/tiny", Path.GetRelativePath(Trial.ModelFolder, file))]);
        trial.Run();
        Assert.Equal(6, trial.Run(r => GoingOn(r).With((ModelSection s) => s with { BaseModel = copy })).Steps);
        string weights = Directory.GetFiles(Path.Combine(copy, "unet"), "*.safetensors").Single();
        byte[] bytes = File.ReadAllBytes(weights);
        bytes[^3] ^= 1;
        File.WriteAllBytes(weights, bytes);
        string fault = Assert.Throws<LowrankException>(() => trial.Run(r => GoingOn(r).With((ModelSection s) => s with { BaseModel = copy }).With((OptimizationSection s) => s with { Steps = 8 }))).Message;
        Assert.Contains("another base model than", fault);
    }

    [Fact]
    public void SettingsOfBaseModelConfigThatChangedAreNoticed()
    {
        string config = trial["config/tiny"], single = trial["tiny.safetensors"];
        CheckpointConversion.ToFile(Trial.ModelFolder, single, cancel: TestContext.Current.CancellationToken);
        foreach (var file in Directory.GetFiles(Trial.ModelFolder, "*.*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".json" or ".txt"))
            File.Copy(file, trial[Path.Combine("config/tiny", Path.GetRelativePath(Trial.ModelFolder, file))]);
        TrainingRecipe Beside(TrainingRecipe r) => r.With((ModelSection s) => s with { BaseModel = single, BaseModelConfig = config });
        trial.Run(Beside);
        File.AppendAllText(Path.Combine(config, "unet", "config.json"), "\n");
        string fault = Assert.Throws<LowrankException>(() => trial.Run(r => GoingOn(Beside(r)))).Message;
        Assert.Contains("other files of base_model_config than it names now", fault);
    }

    [Fact]
    public void APictureThatWasReplacedByOneOfTheSameNameAndLengthIsNoticed()
    {
        byte[] bitmap = [.. "BM"u8, 54, 12, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 32, 0, 0, 0, 32, 0, 0, 0, 1, 0, 24, .. new byte[25 + 32 * 32 * 3]];
        File.WriteAllBytes(trial["pictures/1_place/f.bmp"], bitmap);
        trial.Run();
        bitmap[^1] = 200;
        File.WriteAllBytes(trial["pictures/1_place/f.bmp"], bitmap);
        Assert.Contains("other pictures than", Assert.Throws<LowrankException>(() => trial.Run(GoingOn)).Message);
    }

    [Fact]
    public void OtherWordsForTheSameSettingAreTheSame()
    {
        trial.Run(r => r.With((ComputingSection s) => s with { Device = "auto" }));
        Assert.Equal(6, trial.Run(r => GoingOn(r).With((NetworkSection s) => s with { Alpha = 2 }).With((ComputingSection s) => s with { Device = "cpu" })).Steps);
    }

    [Fact]
    public void FewerStepsThanAreDoneAreTold()
    {
        trial.Run();
        var recorder = new Recorder();
        var result = trial.Run(r => GoingOn(r).With((OptimizationSection s) => s with { Steps = 3 }), recorder);
        Assert.Equal("4 steps done already and 3 asked for: none is taken, and none taken back", Assert.Single(recorder.Account, line => line.Name == "steps").Text);
        Assert.Empty(recorder.Steps);
        Assert.Equal(4, result.Steps);
    }

    [Fact]
    public void WhatIsTakenOverAndWhatChangesIsTold()
    {
        trial.Run();
        var recorder = new Recorder();
        trial.Run(r => GoingOn(r).With((OptimizationSection s) => s with { LearningRate = 1e-5 }), recorder);
        string told = Assert.Single(recorder.Account, line => line.Name == "resume").Text;
        Assert.Contains("goes on after step 4", told);
        Assert.Contains("learning_rate was 0.001 and is 1E-05", told);
        Assert.Contains("steps was 4 and is 6", told);
    }

    [Fact]
    public void TheAverageLossGoesOnWhereItStood()
    {
        var whole = new Recorder();
        trial.Run(r => r.With((SavingSection s) => s with { Name = "whole" }).With((OptimizationSection s) => s with { Steps = 6, Schedule = "constant" }), whole);
        trial.Run(r => r.With((OptimizationSection s) => s with { Schedule = "constant" }));
        var rest = new Recorder();
        trial.Run(r => GoingOn(r).With((OptimizationSection s) => s with { Schedule = "constant" }), rest);
        Assert.Equal(whole.Steps.Skip(4).Select(step => step.AverageLoss), rest.Steps.Select(step => step.AverageLoss));
    }

    [Fact]
    public void AFinishedRunCanGoOnToMoreSteps()
    {
        trial.Run();
        Assert.Equal(6, trial.Run(r => r.With((SavingSection s) => s with { Resume = true }).With((OptimizationSection s) => s with { Steps = 6 })).Steps);
    }

    [Fact]
    public void WithoutAStateThereIsNothingToResume() =>
        Assert.Contains("nothing to resume", Assert.Throws<LowrankException>(() => trial.Run(r => r.With((SavingSection s) => s with { Resume = true }))).Message);

    [Fact]
    public void AFileThatIsNoStateIsRefused()
    {
        Safetensors.Save(new TrainingFiles(trial.Recipe.Saving).State, new Dictionary<string, Tensor> { ["x"] = zeros(1) }, null);
        Assert.Contains("no state of a training run", Assert.Throws<LowrankException>(() => trial.Run(r => r.With((SavingSection s) => s with { Resume = true }))).Message);
    }

    [Theory, InlineData("three"), InlineData("-3"), InlineData("")]
    public void AStateWhoseStepIsNoNumberIsDamaged(string step)
    {
        string state = new TrainingFiles(trial.Recipe.Saving).State;
        using (var scope = NewDisposeScope())
            Safetensors.Save(state, new Dictionary<string, Tensor> { ["x"] = zeros(1) }, new Dictionary<string, string> { ["step"] = step, ["recipe"] = "" });
        string fault = Assert.Throws<LowrankException>(() => trial.Run(r => r.With((SavingSection s) => s with { Resume = true }))).Message;
        Assert.Contains($"{state} is damaged: its step is \"{step}\"", fault);
    }

    public void Dispose() => trial.Dispose();
}
