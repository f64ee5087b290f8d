using System.Text.Json;

namespace Lowrank.Training.Tests;

/// <summary>Before its first step a run tells what it takes of what it was given, and what it does not.</summary>
public sealed class AccountTests : IDisposable
{
    readonly Trial trial = new();

    Recorder Told(Func<TrainingRecipe, TrainingRecipe>? change = null)
    {
        var recorder = new Recorder();
        trial.Run(change, recorder);
        return recorder;
    }

    static string Text(Recorder recorder, string name) => Assert.Single(recorder.Account, line => line.Name == name).Text;

    [Fact]
    public void EpochsAloneSayHowLongARunLasts()
    {
        // 3 pictures twice and 2 once: 8 in batches of 2.
        var recorder = Told(r => r.With((OptimizationSection s) => s with { Steps = null, Epochs = 1 }));
        Assert.Equal(4, recorder.Steps.Count);
        Assert.Equal("4 steps: 1 epoch of 4 batches of 2", Text(recorder, "length"));
        Assert.DoesNotContain(recorder.Account, line => line.NotUsed && line.Name == "idle_epochs");
    }

    [Fact]
    public void OfStepsAndEpochsTheOneThatCountsIsNamed()
    {
        var recorder = Told(r => r.With((OptimizationSection s) => s with { Steps = 3, Epochs = 5 }));
        Assert.Equal(3, recorder.Steps.Count);
        Assert.Equal("epochs is 5 and is not used: steps is 3, and that counts", Text(recorder, "idle_epochs"));
    }

    [Theory, InlineData(null, 0, 1500), InlineData(0, 2, 12), InlineData(null, 2, 12), InlineData(7, 2, 7)]
    public void ARunLastsAsItSaysOrAsLongAsIsUsual(int? steps, int epochs, int wanted) =>
        Assert.Equal(wanted, new OptimizationSection { Steps = steps, Epochs = epochs }.StepsOf(6));

    [Fact]
    public void AWarmUpThatIsLongerThanTheRunIsTold()
    {
        var recorder = Told(r => r.With((OptimizationSection s) => s with { Steps = 5, Warmup = 100 }));
        Assert.Equal("warmup is 100 steps and the run has 5: the learning rate reaches 4 % of what was asked", Text(recorder, "warmup"));
    }

    [Fact]
    public void ARateOfWhatIsNotTrainedIsTold() =>
        Assert.Equal("text_encoder_learning_rate is 5E-05 and is not used: train_text_encoder is off", Text(
            Told(r => r.With((OptimizationSection s) => s with { TextEncoderLearningRate = 5e-5 })), "idle_text_encoder_learning_rate"));

    [Fact]
    public void WhatIsCroppedAwayIsToldWithTheWorst()
    {
        trial.Add("1_place/wide", "a field", 96, 32);
        string told = Text(Told(), "cropped");
        Assert.Contains("at most 67 %", told);
        Assert.Contains("wide.png (96x32)", told);
    }

    [Fact]
    public void ALongCaptionIsLearntWholeInPiecesOrNamedWithWhereItIsCut()
    {
        string same = string.Join(' ', Enumerable.Repeat("a red dot", 30));
        trial.Add("1_place/f", $"{same} over a cat");
        trial.Add("1_place/g", $"{same} over a dog");
        string cut = Text(Told(), "captions_cut");
        Assert.Contains("2 captions cut at 75 tokens", cut);
        Assert.Contains("f.png (", cut);
        Assert.Contains("cut behind \"... ", cut);
        var whole = Told(r => r.With((PictureSection s) => s with { MaxTokens = 225 }).With((SavingSection s) => s with { Name = "whole" }));
        Assert.DoesNotContain(whole.Account, line => line.Name == "captions_cut");
    }

    [Fact]
    public void SignsOfSamplePromptsThatAreNotReadAreTold()
    {
        var recorder = Told(r => r.With((SamplingSection s) => s with { SampleEvery = 9, SamplePrompts = ["a (red:1.2) cat <lora:ink:1> --n ugly"] }));
        string told = Text(recorder, "prompts_signs");
        Assert.Contains("(red:1.2)", told);
        Assert.Contains("<lora:ink:1>", told);
        Assert.Contains("--n ugly", told);
    }

    [Fact]
    public void AFileOfSamplePromptsIsReadAndItsCommentsAreTold()
    {
        File.WriteAllText(trial["p.txt"], "# said of it\na cat --w 64\n\\#1 fan\n");
        var recorder = Told(r => r.Form.Named("sample_prompts").With(r.With((SamplingSection s) => s with { SampleEvery = 9 }), trial["p.txt"]));
        string told = Text(recorder, "sample_prompts");
        Assert.StartsWith("2 prompts of ", told);
        Assert.Contains("1 line of", told);
        Assert.Contains("--w 64", Text(recorder, "prompts_signs"));
        Assert.Equal(["a cat --w 64", "#1 fan"], Recipes.Read(new TrainingFiles(trial.Recipe.Saving).Recipe).Get<SamplingSection>().SamplePrompts);
        Assert.Contains("does not exist", Assert.Throws<LowrankException>(() => Recipes.Parse("sample_prompts: nowhere/p.txt", "r.yaml")).Message);
    }

    [Fact]
    public void ATransparentPictureIsToldWithItsGround()
    {
        // 32 by 32 points of 32 bits with fields, of which the last is alpha.
        byte[] head = [.. "BM"u8, 0, 0, 0, 0, 0, 0, 0, 0, 70, 0, 0, 0, 56, 0, 0, 0, 32, 0, 0, 0, 32, 0, 0, 0, 1, 0, 32, 0, 3, 0, 0, 0, .. new byte[20]];
        File.WriteAllBytes(trial["pictures/1_place/clear.bmp"], [.. head, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255, .. new byte[4 * 32 * 32]]);
        string told = Text(Told(), "alpha");
        Assert.Contains("1 picture", told);
        Assert.Contains("white", told);
        Assert.Contains("clear.bmp", told);
    }

    [Fact]
    public void ABlocksValueThatReachesNoLayerIsTold()
    {
        double[] ranks = [.. Enumerable.Repeat(2.0, 25)];
        Assert.Contains("2 of ", Text(Told(r => r.With((NetworkSection s) => s with { BlockRanks = ranks })), "block_ranks"));
    }

    [Fact]
    public void ANameWithTheEndingOfItsFileIsTrimmedAndToldSo()
    {
        var recorder = new Recorder();
        var result = trial.Run(r => r.Form.Named("name").With(r, "mine.safetensors"), recorder);
        Assert.Equal("mine.safetensors", Path.GetFileName(result.AdapterPath));
        Assert.Contains("taken as mine of mine.safetensors", Text(recorder, "name"));
    }

    [Fact]
    public void EncodingsThatFindNoRoomAreToldOnceAndTheRunGoesOn()
    {
        var recorder = new Recorder(onPrepared: () =>
        {
            if (!Directory.Exists(trial["cache"])) return;
            Directory.Delete(trial["cache"], recursive: true);
            File.WriteAllText(trial["cache"], "in the way");
        });
        trial.Run(r => r.With((PictureSection s) => s with { CacheToDisk = true, CacheDir = trial["cache"] }), recorder);
        Assert.Contains("encodings are no longer kept in", Assert.Single(recorder.Warnings));
        Assert.Equal(4, recorder.Steps.Count);
    }

    [Fact]
    public void ASamplePictureThatCannotBeWrittenIsToldAndTheRunGoesOn()
    {
        File.WriteAllText(trial["out/samples"], "in the way");
        var recorder = Told(r => r.With((SamplingSection s) => s with { SampleEvery = 4, SamplePrompts = ["a cat"], SampleSteps = 1 }));
        Assert.Contains("could not be written", Assert.Single(recorder.Warnings));
        Assert.Equal(4, recorder.Steps.Count);
    }

    [Fact]
    public void WhatKohyaGivesByNetworkArgsPointsToItsField()
    {
        string fault = Assert.Throws<LowrankException>(() => trial.Recipe.With((NetworkSection s) => s with { MethodArgs = ["conv_dim=4", "algo=lokr"] }).Checked()).Message;
        Assert.Contains("conv_dim=4, which is a field of its own here: conv_rank 4", fault);
        Assert.Contains("method lokr", fault);
    }

    [Theory, InlineData("fp16", "f16"), InlineData("float16", "f16"), InlineData("half", "f16"), InlineData("bfloat16", "bf16"), InlineData("float", "f32")]
    public void DtypesAreReadAsOtherProgramsSpellThem(string given, string meant) =>
        Assert.Equal(meant, trial.Recipe.Form.Named("save_precision").With(trial.Recipe, given).Saving.SaveDtype);

    [Fact]
    public void AnAlphaOf0IsTheRankAndSaidSo()
    {
        var recorder = Told(r => r.With((NetworkSection s) => s with { Alpha = 0 }));
        Assert.Contains("takes for the rank", Text(recorder, "alpha"));
        using var file = Safetensors.Open(new TrainingFiles(trial.Recipe.Saving).Adapter);
        Assert.Equal("2.0", file.Metadata["ss_network_alpha"]);
        using var scope = NewDisposeScope();
        Assert.All(file.Tensors.Where(t => t.Name.EndsWith(".alpha", StringComparison.Ordinal)), t => Assert.Equal(2, file.Read(t.Name).ToDouble()));
    }

    [Fact]
    public void AStrictRunRefusesEveryLineOfWhatIsNotUsedBeforeAnythingIsEncoded()
    {
        File.WriteAllText(trial["pictures/1_place/lonely.txt"], "nobody");
        int prepared = 0;
        var told = new Recorder(onPrepared: () => prepared++);
        string fault = Assert.Throws<LowrankException>(() => trial.Run(
            r => r.With((AccountSection s) => s with { Strict = true }).With((OptimizationSection s) => s with { Epochs = 2 }), told)).Message;
        Assert.Contains("lonely.txt", fault);
        Assert.Contains("[captions_alone]", fault);
        Assert.Contains("[cropped]", fault);
        Assert.Contains("[idle_epochs]", fault);
        Assert.Equal(5, prepared);   // looks at the pictures, and encodes none
        Assert.Empty(Directory.GetFileSystemEntries(trial.Recipe.Saving.Output));
    }

    [Fact]
    public void AStrictRunOfWhatIsAllUsedRuns()
    {
        Directory.Delete(trial.Pictures, recursive: true);
        trial.Add("2_thing/square", "a square", 32, 32);
        var recorder = Told(r => r.With((AccountSection s) => s with { Strict = true }));
        Assert.NotEmpty(recorder.Account);
        Assert.DoesNotContain(recorder.Account, line => line.NotUsed);
    }

    [Fact]
    public void TheAccountIsKeptInTheRunsFolder()
    {
        var recorder = Told(r => r.With((OptimizationSection s) => s with { Epochs = 2 }));
        using var kept = JsonDocument.Parse(File.ReadAllText(new TrainingFiles(trial.Recipe.Saving).Account));
        var lines = kept.RootElement.GetProperty("lines").EnumerateArray()
            .Select(line => new AccountLine(line.GetProperty("name").GetString()!, line.GetProperty("text").GetString()!, line.GetProperty("not_used").GetBoolean()));
        Assert.Equal(recorder.Account, lines);
        Assert.Contains(recorder.Account, line => line.Name == "idle_epochs");
    }

    [Fact]
    public void EveryBrokenPictureIsNamedInOneListBeforeTheModelIsLoaded()
    {
        byte[] whole = File.ReadAllBytes(trial["pictures/2_thing/b.png"]);
        File.WriteAllBytes(trial["pictures/2_thing/b.png"], whole[..(whole.Length / 2)]);
        File.WriteAllText(trial["pictures/1_place/d.png"], "no picture");
        string fault = Assert.Throws<LowrankException>(() => trial.Run(r => r.With((ModelSection s) => s with { BaseModel = trial["nowhere"] }))).Message;
        Assert.Contains("2 of 5 pictures", fault);
        Assert.Contains("b.png", fault);
        Assert.Contains("d.png", fault);
    }

    [Fact]
    public void APlaceThatCannotBeWrittenIsToldBeforeThePicturesAreLookedAt()
    {
        File.WriteAllText(trial["a-file"], "in the way");
        int prepared = 0;
        var told = new Recorder(onPrepared: () => prepared++);
        string fault = Assert.Throws<LowrankException>(() => trial.Run(r => r.With((SavingSection s) => s with { Output = trial["a-file"] + "/out" }), told)).Message;
        Assert.Contains("nothing can be written in", fault);
        fault = Assert.Throws<LowrankException>(() => trial.Run(r => r.With((PictureSection s) => s with { CacheToDisk = true, CacheDir = trial["a-file"] + "/cache" }), told)).Message;
        Assert.Contains("encoded pictures cannot be kept", fault);
        Assert.Equal(0, prepared);
    }

    [Fact]
    public void EncodedPicturesAreKeptWhereTheRecipeSays()
    {
        trial.Run(r => r.With((PictureSection s) => s with { CacheToDisk = true, CacheDir = trial["cache"] }));
        Assert.NotEmpty(Directory.GetFiles(trial["cache"]));
        Assert.False(Directory.Exists(Path.Combine(trial.Pictures, ".lowrank-cache")));
    }

    public void Dispose() => trial.Dispose();
}
