using System.Text.Json;

namespace Lowrank.Training.Tests;

public sealed class TrainingRunTests : IDisposable
{
    readonly Trial trial = new();

    string Fault(Func<TrainingRecipe, TrainingRecipe>? change = null) => Assert.Throws<LowrankException>(() => trial.Run(change)).Message;

    [Fact]
    public void ARunWritesAdapterStateRecipeAndMetrics()
    {
        var recorder = new Recorder();
        var result = trial.Run(r => r.With((SavingSection s) => s with { SaveEvery = 3, Tensorboard = true }), recorder);
        Assert.False(result.Stopped);
        Assert.Equal(4, result.Steps);
        Assert.Equal(result.Files.Adapter, result.AdapterPath);
        Assert.Equal([1, 2, 3, 4], recorder.Steps.Select(s => s.Step));
        Assert.Equal([result.Files.Checkpoint(3), result.Files.Adapter], recorder.Files);
        Assert.All(recorder.Files.Append(result.Files.State).Append(result.Files.Recipe), path => Assert.True(File.Exists(path), path));
        Assert.NotEmpty(Directory.GetFiles(result.Files.Logs));
        Assert.Equal(RecipeFile.Format(trial.Recipe.With((SavingSection s) => s with { SaveEvery = 3, Tensorboard = true })), RecipeFile.Format(Recipes.Read(result.Files.Recipe)));

        var lines = File.ReadLines(result.Files.Metrics).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(recorder.Steps.Select(s => s.Loss), lines.Select(line => line.GetProperty("loss").GetDouble()));
        Assert.Equal([1, 2, 3, 4], lines.Select(line => line.GetProperty("step").GetInt32()));
    }

    [Fact]
    public void TheAdapterIsAKohyaFileThatFitsTheModelAndSaysHowItWasMade()
    {
        var result = trial.Run(r => r.With((NetworkSection s) => s with { TrainTextEncoder = true, ConvRank = 1 }));
        using var model = StableDiffusion.Load(Trial.ModelFolder, new Storage());
        using var adapter = AdapterFile.Read(result.AdapterPath, model.Describe());
        Assert.Equal("kohya", adapter.Dialect);
        Assert.Contains(adapter.Targets.Keys, path => path.StartsWith("text_encoder."));
        Assert.Contains(adapter.Targets.Keys, path => path.Contains(".resnets."));
        using (NewDisposeScope()) Assert.Contains(adapter.Targets.Values, r => r.Parts.First(p => p.Part == "up").Value.abs().max().ToDouble() > 0);

        Assert.Equal("2", adapter.Metadata["ss_network_dim"]);
        Assert.Equal("0.001", adapter.Metadata["ss_learning_rate"]);
        Assert.Equal("0.001", adapter.Metadata["ss_text_encoder_lr"]);
        Assert.Equal("2.0", adapter.Metadata["ss_network_alpha"]);
        Assert.Equal("(32, 32)", adapter.Metadata["ss_resolution"]);
        Assert.Equal("4", adapter.Metadata["ss_steps"]);
        Assert.Equal("sd_v1", adapter.Metadata["ss_base_model_version"]);
        var folders = JsonDocument.Parse(adapter.Metadata["ss_dataset_dirs"]).RootElement;
        Assert.Equal(2, folders.GetProperty("2_thing").GetProperty("n_repeats").GetInt32());
        Assert.Equal(3, folders.GetProperty("2_thing").GetProperty("img_count").GetInt32());
        Assert.Equal(1, JsonDocument.Parse(adapter.Metadata["ss_tag_frequency"]).RootElement.GetProperty("1_place").GetProperty("a house").GetInt32());
        using var file = File.OpenRead(result.AdapterPath);
        Assert.Equal(KohyaHashes.Of(file).ModelHash, adapter.Metadata["sshs_model_hash"]);
    }

    [Fact]
    public void TheSameRecipeGivesTheSameBits()
    {
        var one = trial.Run(r => r.With((SavingSection s) => s with { Name = "one" }).With((PictureSection s) => s with { CaptionDropout = 0.3 }));
        var two = trial.Run(r => r.With((SavingSection s) => s with { Name = "two" }).With((PictureSection s) => s with { CaptionDropout = 0.3 }));
        Trial.AssertSameBits(one.AdapterPath, two.AdapterPath);
        var other = trial.Run(r => r.With((SavingSection s) => s with { Name = "other" }).With((PictureSection s) => s with { CaptionDropout = 0.3 }).With((ComputingSection s) => s with { Seed = 1 }));
        Assert.NotEqual(Trial.Bits(one.AdapterPath).Values.SelectMany(b => b), Trial.Bits(other.AdapterPath).Values.SelectMany(b => b));
    }

    [Fact]
    public void SavingAndDrawingSamplesOnTheWayChangeNothing()
    {
        var plain = trial.Run(r => r.With((SavingSection s) => s with { Name = "plain" }).With((NetworkSection s) => s with { Dropout = 0.2 }));
        var busy = trial.Run(r => r.With((SavingSection s) => s with { Name = "busy", SaveEvery = 1 }).With((NetworkSection s) => s with { Dropout = 0.2 }).With((SamplingSection s) => s with { SampleEvery = 2, SamplePrompts = ["a cat", "a dog"], SampleSteps = 2 }));
        Trial.AssertSameBits(plain.AdapterPath, busy.AdapterPath);
        var sample = PictureFile.Read(busy.Files.Sample(4, 1));
        Assert.Equal((32, 32), (sample.Width, sample.Height));
    }

    [Fact]
    public void GradientCheckpointingChangesNothingButRounding()
    {
        var (plain, checkpointed) = (new Recorder(), new Recorder());
        trial.Run(r => r.With((SavingSection s) => s with { Name = "plain" }).With((NetworkSection s) => s with { Dropout = 0.2, TrainTextEncoder = true }), plain);
        trial.Run(r => r.With((SavingSection s) => s with { Name = "checkpointed" }).With((NetworkSection s) => s with { Dropout = 0.2, TrainTextEncoder = true }).With((ComputingSection s) => s with { GradientCheckpointing = true }), checkpointed);
        // Gradients that meet in one tensor are added in another order. AdamW makes much of the smallest of them, so later steps may differ more.
        foreach (var (one, two) in plain.Steps.Zip(checkpointed.Steps))
        {
            Assert.Equal(one.Loss, two.Loss, 1e-5 * one.Loss);
            Assert.Equal(one.GradientNorm, two.GradientNorm, 1e-4 * one.GradientNorm);
        }
    }

    [Fact]
    public void TrainingLeavesTheProcessOwnRandomNumbersWhereTheyWere()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var next = rand(4).data<float>().ToArray();
        random.manual_seed(3);
        trial.Run(r => r.With((NetworkSection s) => s with { Dropout = 0.2 }));
        Assert.Equal(next, rand(4).data<float>().ToArray());
    }

    [Fact]
    public void WhatIsKeptOnDiskGivesTheSameBits()
    {
        var fresh = trial.Run(r => r.With((SavingSection s) => s with { Name = "fresh" }));
        var kept = trial.Run(r => r.With((SavingSection s) => s with { Name = "kept" }).With((PictureSection s) => s with { CacheToDisk = true }));
        var again = trial.Run(r => r.With((SavingSection s) => s with { Name = "again" }).With((PictureSection s) => s with { CacheToDisk = true }));
        Trial.AssertSameBits(fresh.AdapterPath, kept.AdapterPath);
        Trial.AssertSameBits(fresh.AdapterPath, again.AdapterPath);
    }

    [Fact]
    public void WhatIsKeptOnDiskDoesNotOutliveTheModelItCameFrom()
    {
        string model = trial["model/"];
        foreach (string file in Directory.GetFiles(Trial.ModelFolder, "*", SearchOption.AllDirectories))
            File.Copy(file, trial["model/" + Path.GetRelativePath(Trial.ModelFolder, file)]);
        trial.Run(r => r.With((SavingSection s) => s with { Name = "first" }).With((ModelSection s) => s with { BaseModel = model }).With((PictureSection s) => s with { CacheToDisk = true }));

        // Another autoencoder of the same size: a longer-trained one takes its place.
        string weights = Path.Combine(model, "vae", "diffusion_pytorch_model.safetensors");
        var bytes = File.ReadAllBytes(weights);
        for (int i = bytes.Length - 20000; i < bytes.Length; i += 2) bytes[i] ^= 0x70;
        File.WriteAllBytes(weights, bytes);
        var cached = trial.Run(r => r.With((SavingSection s) => s with { Name = "cached" }).With((ModelSection s) => s with { BaseModel = model }).With((PictureSection s) => s with { CacheToDisk = true }));
        var fresh = trial.Run(r => r.With((SavingSection s) => s with { Name = "fresh" }).With((ModelSection s) => s with { BaseModel = model }));
        Trial.AssertSameBits(fresh.AdapterPath, cached.AdapterPath);
    }

    [Fact]
    public void AModelInOneFileTrainsToTheBitsThatItsFolderTrainsTo()
    {
        string file = trial["single.safetensors"];
        CheckpointConversion.ToFile(Trial.ModelFolder, file, cancel: TestContext.Current.CancellationToken);
        var one = trial.Run(r => r.With((SavingSection s) => s with { Name = "file" }).With((ModelSection s) => s with { BaseModel = file, BaseModelConfig = Trial.ModelFolder }).With((PictureSection s) => s with { CacheToDisk = true }));
        var other = trial.Run(r => r.With((SavingSection s) => s with { Name = "folder" }));
        Trial.AssertSameBits(one.AdapterPath, other.AdapterPath);
        using var adapter = Safetensors.Open(one.AdapterPath);
        Assert.Equal("single.safetensors", adapter.Metadata["ss_sd_model_name"]);
    }

    [Fact]
    public void OutputThatExistsIsNotReplacedUnasked()
    {
        trial.Run();
        string fault = Fault();
        Assert.Contains("exists already", fault);
        Assert.Contains("overwrite", fault);
        trial.Run(r => r.With((SavingSection s) => s with { Overwrite = true }));
    }

    [Fact]
    public void ACheckpointOfAnEarlierRunIsNotReplacedUnasked()
    {
        string checkpoint = new TrainingFiles(trial.Recipe.Saving).Checkpoint(2);
        File.WriteAllText(checkpoint, "hours of work");
        Assert.Contains(Path.GetFileName(checkpoint), Fault(r => r.With((SavingSection s) => s with { SaveEvery = 2 })));
        Assert.Equal("hours of work", File.ReadAllText(checkpoint));
    }

    [Fact]
    public void TheUsersOwnRecipeInTheOutputFolderIsLeftAlone()
    {
        string own = trial["out/trial.yaml"];
        File.WriteAllText(own, "# mine\nrank: 2\n");
        var result = trial.Run();
        Assert.NotEqual(own, result.Files.Recipe);
        Assert.Equal("# mine\nrank: 2\n", File.ReadAllText(own));
    }

    [Fact]
    public void ALossThatIsNoNumberStopsTheRunAndKeepsTheLastGoodWeights()
    {
        var recorder = new Recorder();
        string fault = Assert.Throws<LowrankException>(() => trial.Run(r => r.With((OptimizationSection s) => s with { LearningRate = 1e18, MaxGradNorm = 0, Steps = 12 }).With((DenoisingSection s) => s with { MinSnrGamma = 0 }), recorder)).Message;
        int good = recorder.Steps.Count;
        Assert.InRange(good, 1, 11);
        Assert.Contains($"step {good + 1}", fault);
        Assert.Contains("learning rate", fault);
        Assert.False(File.Exists(new TrainingFiles(trial.Recipe.Saving).Adapter));
        Assert.All(recorder.Files, path => Assert.All(Trial.Bits(path).Values, bits => Assert.DoesNotContain(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bits).ToArray(), value => !float.IsFinite(value))));
    }

    [Fact]
    public void StoppingWhilePicturesArePreparedWritesNothing()
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => trial.RunUntil(stop.Token, listener: new Recorder(onPrepared: stop.Cancel)));
        Assert.Empty(Directory.GetFileSystemEntries(trial.Recipe.Saving.Output));
    }

    [Fact]
    public void StoppingBetweenPreparationAndTheFirstStepWritesNothing()
    {
        using var stop = new CancellationTokenSource();
        int prepared = 0;
        // Five latents, five captions and the empty one.
        Assert.Throws<OperationCanceledException>(() => trial.RunUntil(stop.Token, listener: new Recorder(onPrepared: () => { if (++prepared == 11) stop.Cancel(); })));
        Assert.False(File.Exists(new TrainingFiles(trial.Recipe.Saving).State));
        Assert.Empty(Directory.GetFiles(trial.Recipe.Saving.Output, "*.safetensors"));
    }

    [Fact]
    public void StoppingWhileSamplePicturesAreDrawnSavesWhatWasTrained()
    {
        using var stop = new CancellationTokenSource();
        var recorder = new Recorder(step => { if (step.Step == 2) stop.Cancel(); });
        var result = trial.RunUntil(stop.Token, r => r.With((SamplingSection s) => s with { SampleEvery = 2, SamplePrompts = ["a cat"], SampleSteps = 999 }), recorder);
        Assert.True(result.Stopped);
        Assert.Equal(result.Files.Checkpoint(2), result.AdapterPath);
        Assert.False(File.Exists(result.Files.Sample(2, 0)));
    }

    [Fact]
    public void AMissingPictureFolderIsAnError() => Assert.Contains("nowhere", Fault(r => r.With((PictureSection s) => s with { Pictures = trial["nowhere"] })));

    [Fact]
    public void ABrokenPictureIsAnErrorThatNamesIt()
    {
        var whole = File.ReadAllBytes(trial["pictures/2_thing/b.png"]);
        File.WriteAllBytes(trial["pictures/2_thing/b.png"], whole[..(whole.Length / 2)]);
        Assert.Contains("b.png", Fault());
        File.WriteAllText(trial["pictures/2_thing/b.png"], "no picture");
        Assert.Contains("b.png", Fault());
    }

    [Fact]
    public void PicturesSmallerThanTheTrainingSizeAreToldAllAtOnceWithWhatToDo()
    {
        trial.Add("1_place/small", "tiny", 31, 40);
        trial.Add("1_place/low", "flat", 40, 20);
        string fault = Fault();
        Assert.Contains("small.png (31x40)", fault);
        Assert.Contains("low.png (40x20)", fault);
        Assert.Contains("allow_upscale", fault);
        trial.Run(r => r.With((PictureSection s) => s with { AllowUpscale = true }));
    }

    [Fact]
    public void ACaptionWithoutPictureIsAWarning()
    {
        File.WriteAllText(trial["pictures/1_place/lonely.txt"], "no picture");
        var recorder = new Recorder();
        trial.Run(listener: recorder);
        Assert.Contains("lonely.txt", Assert.Single(recorder.Account, line => line.Name == "captions_alone").Text);
    }

    [Fact]
    public void AFolderThatIsNoModelIsAnErrorThatNamesIt() => Assert.Contains("pictures", Fault(r => r.With((ModelSection s) => s with { BaseModel = trial.Pictures })));

    [Fact]
    public void ARunLeavesNoTensorsBehind()
    {
        trial.Run(r => r.With((SavingSection s) => s with { Name = "first" }));   // what is made once stays
        LeakGuard.NoTensorLeaks(() => trial.Run(r => r.With((SavingSection s) => s with { Name = "second", SaveEvery = 2 }).With((NetworkSection s) => s with { TrainTextEncoder = true })));
    }

    [Fact]
    public void TheNumberOfLiveTensorsDoesNotGrowFromStepToStep()
    {
        var counts = new List<long>();
        trial.Run(r => r.With((OptimizationSection s) => s with { Steps = 12 }).With((NetworkSection s) => s with { Dropout = 0.1, TrainTextEncoder = true }).With((ComputingSection s) => s with { GradientCheckpointing = true }), new Recorder(_ => counts.Add(LeakGuard.Live)));
        Assert.All(counts[3..], count => Assert.Equal(counts[2], count));
    }

    [Fact]
    public void MetadataTellsTheMethodAsLyCORISDoes()
    {
        var result = trial.Run(r => r.With((NetworkSection s) => s with { Method = "lokr", MethodArgs = ["factor=4", "use_tucker=true"], Preset = "full", Dora = "output", RankStabilized = true }).With((OptimizationSection s) => s with { ScaleWeightNorms = 2 }));
        using var file = Safetensors.Open(result.AdapterPath);
        Assert.Equal("lycoris.kohya", file.Metadata["ss_network_module"]);
        Assert.Equal("2.0", file.Metadata["ss_scale_weight_norms"]);
        var arguments = JsonDocument.Parse(file.Metadata["ss_network_args"]).RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString());
        Assert.Equal(("lokr", "full", "4", "True"), (arguments["algo"], arguments["preset"], arguments["factor"], arguments["use_tucker"]));
        Assert.Equal(("True", "True", "2"), (arguments["dora_wd"], arguments["rs_lora"], arguments["conv_dim"]));
    }

    [Fact]
    public void APlainLoRAIsKohyas()
    {
        using var file = Safetensors.Open(trial.Run().AdapterPath);
        Assert.Equal("networks.lora", file.Metadata["ss_network_module"]);
        Assert.Equal("None", file.Metadata["ss_scale_weight_norms"]);
    }

    [Theory]
    [InlineData("lora-fa", "networks.lora_fa", null)]
    [InlineData("dylora", "lycoris.kohya", "dylora")]
    [InlineData("diag-oft", "lycoris.kohya", "diag-oft")]
    [InlineData("locon", "networks.lora", null)]
    [InlineData("dora", "lycoris.kohya", "lora")]
    [InlineData("oft", "lowrank.oft", null)]   // PEFT's OFT, which LyCORIS's diag-oft is not
    public void MetadataNamesTheModuleThatMakesSuchAdapters(string method, string module, string? algorithm)
    {
        var result = trial.Run(r => r.With((NetworkSection s) => s with { Method = method, Rank = 4 }).With((OptimizationSection s) => s with { Steps = 1 }));
        string path = AdapterPlace.TensorsOf(result.AdapterPath);
        using var file = Safetensors.Open(path);
        Assert.Equal(module, file.Metadata["ss_network_module"]);
        string? arguments = file.Metadata.GetValueOrDefault("ss_network_args");
        Assert.Equal(algorithm, arguments is null ? null : JsonDocument.Parse(arguments).RootElement.TryGetProperty("algo", out var told) ? told.GetString() : null);
    }

    [Fact]
    public void RanksFollowTheNoiseInsideDoRAToo()
    {
        using var scope = NewDisposeScope();
        using var model = StableDiffusion.Load(Trial.ModelFolder, new Storage());
        var plan = trial.Recipe.With((NetworkSection s) => s with { Method = "tlora", Dora = "output", Rank = 4 }).Network.ToPlan().For(model.Describe());
        using var adapter = AdapterFactory.Create(model.Describe(), plan.Take(1));
        using var grad = no_grad();
        foreach (var parameter in adapter.Trainable) parameter.add_(0.1);
        var made = adapter.Targets.Values.Single();
        var weight = ones(made.Target.Out, made.Target.Columns) + eye(made.Target.Out, made.Target.Columns);
        var all = made.Apply(weight, 1);
        adapter.FollowNoise(1000);
        Assert.True(adapter.FollowsNoise);
        Assert.False(made.Apply(weight, 1).allclose(all));
        adapter.FollowNoise(0);
        Assert.True(made.Apply(weight, 1).allclose(all));
    }

    [Fact]
    public void ADeviceThatIsNotThereIsToldWithTheOtherFaults()
    {
        string fault = Fault(r => r.With((ComputingSection s) => s with { Device = "toaster" }).With((NetworkSection s) => s with { Rank = 0 }));
        Assert.Contains("toaster", fault);
        Assert.Contains("rank is 0", fault);
    }

    [Fact]
    public void AnArgumentThatActsOnNothingIsTold()
    {
        var recorder = new Recorder();
        trial.Run(r => PictureRecipe.Form.Named("power").With(r, "3"), recorder);
        Assert.Contains(
            new AccountLine("idle_power", "power is 3 and is not used: the schedule cosine has no such argument", true), recorder.Account);
    }

    [Fact]
    public void LogsThatCannotBeginLeaveTheMetricsOfAnEarlierRunAlone()
    {
        var files = new TrainingFiles(trial.Recipe.Saving);
        Directory.CreateDirectory(Path.GetDirectoryName(files.Logs)!);
        File.WriteAllText(files.Logs, "no folder");
        File.WriteAllText(files.Metrics, "earlier");
        Assert.ThrowsAny<IOException>(() => trial.Run(r => r.With((SavingSection s) => s with { Tensorboard = true })));
        Assert.Equal("earlier", File.ReadAllText(files.Metrics));
    }

    [Fact]
    public void TheDataOfAJobAreLookedThroughOnce()
    {
        using var job = TrainingKinds.Named("pictures").OpenJob(trial.Recipe, new Recorder(), TestContext.Current.CancellationToken);
        Assert.Same(job.Data, job.Data);
    }

    [Fact]
    public void RanksThatFallInARunOfOneStepAreMaskedByThatStep()
    {
        var recorder = new Recorder();
        var result = trial.Run(
            r => r.With((NetworkSection s) => s with { Method = "adalora", MethodArgs = ["target_r=1"] }).With((OptimizationSection s) => s with { Steps = 1 }),
            recorder);
        using var scope = NewDisposeScope();
        using var file = AdapterFile.Open(result.AdapterPath);
        long kept = file.Tensors.Where(t => t.Name.Contains("lora_E")).Sum(t => file.Read(t.Name).count_nonzero().ToInt64());
        Assert.Equal(recorder.Beginning!.Targets, kept);
    }

    [Fact]
    public void AMethodOfPEFTAloneIsSavedAsAFolderOfPEFT()
    {
        var result = trial.Run(r => r.With((NetworkSection s) => s with { Method = "vera", Rank = 4 }));
        string folder = Path.GetDirectoryName(AdapterPlace.TensorsOf(result.AdapterPath))!;
        Assert.True(File.Exists(Path.Combine(folder, PeftFolder.Settings)));
        Assert.Contains("exists already", Fault(r => r.With((NetworkSection s) => s with { Method = "vera", Rank = 4 })));
    }

    [Fact]
    public void WhatNoFileCanHoldIsToldBeforeItIsTrained() =>
        Assert.Contains("no kind of file", Fault(r => r.With((NetworkSection s) => s with { Rules = ["match=attn1 method=vera"] })));

    [Fact]
    public void TheLimitOfNormsIsKeptAndLogged()
    {
        var recorder = new Recorder();
        var result = trial.Run(r => r.With((OptimizationSection s) => s with { ScaleWeightNorms = 0.002, LearningRate = 0.1 }), recorder);
        Assert.All(recorder.Steps, step => Assert.True(step.Measures["max_norm/max_key_norm"] <= 0.002 * 1.0001));
        Assert.Contains(recorder.Steps, step => step.Measures["max_norm/keys_scaled"] > 0);
        Assert.Contains("max_norm/keys_scaled", File.ReadLines(result.Files.Metrics).Last());
    }

    [Fact]
    public void FasterFactorsAndSlowerLayersHaveTheirOwnRates()
    {
        var recorder = new Recorder();
        trial.Run(r => r.With((OptimizationSection s) => s with { LoraplusRatio = 4, Schedule = "constant" }).With((NetworkSection s) => s with { Rules = ["match=attn1 learning_rate=1e-5"] }), recorder);
        Assert.Equal([1e-5, 4e-5, 1e-3, 4e-3], recorder.Steps[0].LearningRates.Order().Select(rate => Math.Round(rate, 9)));
    }

    [Fact]
    public void ARuleThatMatchesNothingIsToldWithTheNearestNames() =>
        Assert.Contains("nearest: attn", Fault(r => r.With((NetworkSection s) => s with { Rules = ["match=attn3 rank=2"] })));

    public static IEnumerable<TheoryDataRow<string, Func<TrainingRecipe, TrainingRecipe>>> Steady =>
    [
        new("a start taken off, limited", r => r.With((NetworkSection s) => s with { Method = "pissa", Dropout = 0.1 }).With((OptimizationSection s) => s with { ScaleWeightNorms = 0.01 })),
        new("rows dropped, DoRA", r => r.With((NetworkSection s) => s with { Dora = "output", RankDropout = 0.2, LearnedScalar = true })),
        new("ranks that fall", r => r.With((NetworkSection s) => s with { Method = "adalora", MethodArgs = ["target_r=1", "tinit=2"] })),
        new("ranks by noise", r => r.With((NetworkSection s) => s with { Method = "tlora" })),
        new("blocks of ranks, preconditioned", r => r.With((OptimizationSection s) => s with { Precondition = true, LoraplusRatio = 2, LoraplusStyle = "peft" })),
    ];

    [Theory, MemberData(nameof(Steady))]
    public void NorDoesItGrowWith(string what, Func<TrainingRecipe, TrainingRecipe> change)
    {
        Assert.NotEmpty(what);
        var counts = new List<long>();
        trial.Run(r => change(r.With((OptimizationSection s) => s with { Steps = 9, BatchSize = 1 })), new Recorder(_ => counts.Add(LeakGuard.Live)));
        Assert.All(counts[5..], count => Assert.InRange(count, 0, counts[4]));
        LeakGuard.NoTensorLeaks(() => trial.Run(r => change(r.With((SavingSection s) => s with { Name = "again" }).With((OptimizationSection s) => s with { Steps = 3, BatchSize = 1 }))));
    }

    public void Dispose() => trial.Dispose();
}
