namespace Lowrank.Training.Tests;

/// <summary>A run that was stopped and goes on gives the same bits as one that was not.</summary>
public sealed class ResumeTests : IDisposable
{
    readonly Trial trial = new();

    public static IEnumerable<TheoryDataRow<string, Func<TrainingRecipe, TrainingRecipe>>> Recipes =>
    [
        new("plain", r => r),
        new("accumulation over the end of an epoch", r => r with { Accumulation = 3 }),
        new("every dropout", r => r with { Dropout = 0.2, RankDropout = 0.2, ModuleDropout = 0.2, CaptionDropout = 0.3 }),
        new("text encoder", r => r with { TrainTextEncoder = true, TextEncoderLearningRate = 5e-4, CaptionDropout = 0.3, Accumulation = 2 }),
        new("convolutions and offset noise", r => r with { ConvRank = 2, NoiseOffset = 0.1, Schedule = LearningRateCurve.CosineWithRestarts, Cycles = 2 }),
        new("checkpointing and dropout", r => r with { GradientCheckpointing = true, Dropout = 0.2, TrainTextEncoder = true }),
        new("DoRA and a learned scalar by rule and by block", r => r with
        {
            LearnedScalar = true, RankStabilized = true, ScaleWeightNorms = 0.01, RankDropout = 0.2, ModuleDropout = 0.1, MethodArgs = ["dropout_style=lycoris"], Preset = "full", BatchSize = 1, LoraplusRatio = 4, BlockLearningRates = [.. Enumerable.Repeat(1.0, 24), 0.5],
            Rules = ["match=class:Attention method=dora rank=3 learning_rate=1e-4", "match=conv_in method=none"],
        }),
        new("PiSSA with a dropout", r => r with { Method = "pissa", Dropout = 0.2, ScaleWeightNorms = 0.05 }),
        new("EVA", r => r with { Method = "eva", InitBatches = 2 }),
        new("CorDA on convolutions", r => r with { Method = "corda", ConvRank = 2, InitBatches = 2, Preset = "unet-convblock-only" }),
        new("LoRA-FA, preconditioned", r => r with { Method = "lora-fa", Precondition = true }),
        new("preconditioned, with PEFT's dropout and groups", r => r with { Precondition = true, LoraplusRatio = 2, LoraplusStyle = "peft", MethodArgs = ["lora_dropout=0.2"] }),
        new("bfloat16", r => r with { Precision = "bf16" }),
    ];

    [Theory, MemberData(nameof(Recipes))]
    public void Five_steps_and_seven_more_are_twelve(string what, Func<TrainingRecipe, TrainingRecipe> change)
    {
        Assert.NotEmpty(what);
        var whole = trial.Run(r => change(r with { Name = "whole", Steps = 12 }));

        using var stop = new CancellationTokenSource();
        var first = trial.RunUntil(stop.Token, r => change(r with { Name = "parts", Steps = 12 }), new Recorder(step => { if (step.Step == 5) stop.Cancel(); }));
        Assert.True(first.Stopped);
        Assert.Equal(5, first.Steps);
        random.manual_seed(999);   // what happens between the two must not matter
        var recorder = new Recorder();
        var second = trial.Run(r => change(r with { Name = "parts", Steps = 12, Resume = true }), recorder);

        Assert.Equal(Enumerable.Range(6, 7), recorder.Steps.Select(s => s.Step));
        Trial.AssertSameBits(whole.Files.State, second.Files.State);
        Trial.AssertSameBits(whole.AdapterPath, second.AdapterPath);
        Assert.Equal(12, File.ReadLines(second.Files.Metrics).Count());
    }

    // Every method that adapts a linear layer and that a file holds by itself, on the attention to the text; blocks of BOFT need the larger rank.
    public static IEnumerable<TheoryDataRow<string>> Methods =>
        from method in Adapters.Methods.All
        where method != KohyaOft.Descriptor && method != Replacement.Descriptor && method.Refuses(new Target("example", LayerKind.Linear, [32, 32]), method.OwnOptions(new MethodOptions(4))) is null
        select new TheoryDataRow<string>(method.Name);

    [Theory, MemberData(nameof(Methods))]
    public void Every_method_goes_on_with_the_same_bits(string method)
    {
        TrainingRecipe Recipe(TrainingRecipe r, string name) =>
            r with { Name = name, Method = method, Rank = method == "boft" ? 16 : 4, Preset = "none", Targets = ["attn2"], Exclude = ["up_blocks"], Steps = 4, BatchSize = 1, Width = 16, Height = 16 };
        var whole = trial.Run(r => Recipe(r, "whole"));
        using var stop = new CancellationTokenSource();
        trial.RunUntil(stop.Token, r => Recipe(r, "parts"), new Recorder(step => { if (step.Step == 2) stop.Cancel(); }));
        random.manual_seed(999);
        var parts = trial.Run(r => Recipe(r, "parts") with { Resume = true });
        Trial.AssertSameBits(whole.Files.State, parts.Files.State);
        Trial.AssertSameBits(File.Exists(whole.AdapterPath) ? whole.AdapterPath : Path.Combine(whole.AdapterPath, PeftFolder.Weights),
            File.Exists(parts.AdapterPath) ? parts.AdapterPath : Path.Combine(parts.AdapterPath, PeftFolder.Weights));
    }

    [Fact]
    public void A_state_of_another_recipe_is_refused_with_the_fields_that_differ()
    {
        trial.Run();
        string fault = Assert.Throws<LowrankException>(() => trial.Run(r => r with { Resume = true, Rank = 4, Seed = 1 })).Message;
        Assert.Contains("rank was 2 and is 4", fault);
        Assert.Contains("seed was 42 and is 1", fault);
    }

    [Fact]
    public void Other_pictures_are_refused_too()
    {
        trial.Run();
        trial.Add("1_place/f", "a hill");
        Assert.Contains("pictures", Assert.Throws<LowrankException>(() => trial.Run(r => r with { Resume = true, Steps = 8 })).Message);
    }

    [Fact]
    public void A_finished_run_can_go_on_to_more_steps()
    {
        trial.Run();
        Assert.Equal(6, trial.Run(r => r with { Resume = true, Steps = 6 }).Steps);
    }

    [Fact]
    public void Without_a_state_there_is_nothing_to_resume() =>
        Assert.Contains("nothing to resume", Assert.Throws<LowrankException>(() => trial.Run(r => r with { Resume = true })).Message);

    [Fact]
    public void A_file_that_is_no_state_is_refused()
    {
        Safetensors.Save(new TrainingFiles(trial.Recipe).State, new Dictionary<string, Tensor> { ["x"] = zeros(1) }, null);
        Assert.Contains("no state of a training run", Assert.Throws<LowrankException>(() => trial.Run(r => r with { Resume = true })).Message);
    }

    public void Dispose() => trial.Dispose();
}
