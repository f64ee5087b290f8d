namespace Lowrank.Training.Tests;

/// <summary>Training can begin with an adapter from a file.</summary>
public sealed class FirstAdapterTests : IDisposable
{
    readonly Trial trial = new();

    string Trained(Func<TrainingRecipe, TrainingRecipe>? change = null) =>
        trial.Run(r => (change?.Invoke(r) ?? r).With((SavingSection s) => s with { Name = "first" })).AdapterPath;

    static TrainingRecipe From(TrainingRecipe r, string path) => r.With((NetworkSection s) => s with { InitAdapter = path });

    // After a step at a rate of next to nothing the file holds what training began with.
    static TrainingRecipe Still(TrainingRecipe r) => r.With((OptimizationSection s) => s with { Steps = 1, LearningRate = 1e-30 });

    static string Weights(string path) => AdapterPlace.TensorsOf(path);

    public static IEnumerable<TheoryDataRow<string>> Methods =>
        from method in new[] { "lora", "locon", "dora", "loha", "lokr", "ia3", "diag-oft", "boft", "glora", "full" }
        select new TheoryDataRow<string>(method);

    [Theory, MemberData(nameof(Methods))]
    public void ItBeginsWithTheBitsOfTheFile(string method)
    {
        TrainingRecipe Made(TrainingRecipe r) => r.With((NetworkSection s) => s with { Method = method, Rank = method == "boft" ? 16 : 4, Alpha = 3 });
        string first = Trained(Made);
        var recorder = new Recorder();
        var second = trial.Run(r => From(Still(Made(r)), first), recorder);
        Trial.AssertSameBits(Weights(first), Weights(second.AdapterPath));
        Assert.Contains("begins with", Assert.Single(recorder.Account, line => line.Name == "init_adapter").Text);
    }

    [Fact]
    public void RanksAndAlphasAreThoseOfTheFileWhereTheyAreAskedFor()
    {
        string first = Trained(r => r.With((NetworkSection s) => s with { Rank = 3, Alpha = 1.5, Rules = ["match=*.attn2.* rank=5 alpha=2"] }));
        var second = trial.Run(r => From(Still(r), first).With((NetworkSection s) => s with { InitRanks = true }));
        Trial.AssertSameBits(first, second.AdapterPath);
    }

    [Fact]
    public void AnotherRankOrAlphaIsRefusedWithWhatToDo()
    {
        string first = Trained(r => r.With((NetworkSection s) => s with { Rank = 3, Alpha = 3 }));
        string fault = Assert.Throws<LowrankException>(() => trial.Run(r => From(r, first))).Message;
        Assert.Contains("init_ranks", fault);
        fault = Assert.Throws<LowrankException>(() => trial.Run(r => From(r, first).With((NetworkSection s) => s with { Rank = 3, Alpha = 1 }))).Message;
        Assert.Contains("alpha is 3 there and 1 here", fault);
    }

    [Fact]
    public void FieldsOfAFolderThatNobodyKnowsAreTold()
    {
        string first = Trained(r => r);
        using (var model = StableDiffusion.Load(Trial.ModelFolder, new Storage(ScalarType.Float32)))
        using (var adapter = AdapterFile.Read(first, model.Describe()))
            AdapterConversion.Write(trial["folder"], adapter, model.Describe(), Dialects.Named("peft"), ScalarType.Float32, new Dictionary<string, string>());
        string config = Directory.GetFiles(trial["folder"], "adapter_config.json", SearchOption.AllDirectories).Single();
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"r\":", "\"wobble\": 3, \"r\":", StringComparison.Ordinal));
        var recorder = new Recorder();
        trial.Run(r => From(Still(r), trial["folder"]), recorder);
        Assert.Contains(recorder.Account, line => line.Name == "init_adapter" && line.NotUsed && line.Text.Contains("wobble", StringComparison.Ordinal));
    }

    [Fact]
    public void LayersThatTheRunLeavesAloneAreNotDropped()
    {
        string first = Trained(r => r.With((NetworkSection s) => s with { TrainTextEncoder = true }));
        string fault = Assert.Throws<LowrankException>(() => trial.Run(r => From(r, first))).Message;
        Assert.Contains("that this run leaves alone", fault);
        Assert.Contains("text_encoder", fault);
    }

    [Fact]
    public void LayersThatTheFileLacksBeginFreshAndThatIsTold()
    {
        string first = Trained(r => r.With((NetworkSection s) => s with { Exclude = ["attn2"] }));
        var recorder = new Recorder();
        trial.Run(r => From(r, first), recorder);
        Assert.Matches(@"in \d+ of \d+ layers, and fresh in the others", Assert.Single(recorder.Account, line => line.Name == "init_adapter").Text);
    }

    [Fact]
    public void AFileThatIsNotThereIsToldWithTheOtherFaults() =>
        Assert.Contains("init_adapter nowhere.safetensors does not exist", Assert.Throws<LowrankException>(() => trial.Run(r => From(r, "nowhere.safetensors"))).Message);

    [Fact]
    public void AStoppedRunGoesOnWithItsOwnWeights()
    {
        string first = Trained();
        trial.Run(r => From(r, first));
        var recorder = new Recorder();
        trial.Run(r => From(r, first).With((SavingSection s) => s with { Resume = true }).With((OptimizationSection s) => s with { Steps = 5 }), recorder);
        Assert.Equal([5], recorder.Steps.Select(step => step.Step));
    }

    [Fact]
    public void TheDropoutsOfTheFileGoOnAndAreTold()
    {
        string first = Trained(r => r.With((NetworkSection s) => s with { Dropout = 0.2, ModuleDropout = 0.1 }));
        var recorder = new Recorder();
        string told = trial.Run(r => From(r, first), recorder).AdapterPath;
        string line = Assert.Single(recorder.Account, line => line.Name == "dropout").Text;
        Assert.Contains("ss_network_dropout 0.2", line);
        Assert.Contains("module_dropout (in ss_network_args) 0.1", line);
        using (var file = Safetensors.Open(told))
        {
            Assert.Equal("0.2", file.Metadata["ss_network_dropout"]);
            Assert.Contains("\"module_dropout\": \"0.1\"", file.Metadata["ss_network_args"]);
        }
        string asked = trial.Run(r => From(r, first).With((NetworkSection s) => s with { Dropout = 0.2, ModuleDropout = 0.1 }).With((SavingSection s) => s with { Name = "asked" })).AdapterPath;
        Trial.AssertSameBits(told, asked);
        var resumed = trial.Run(r => From(r, first).With((SavingSection s) => s with { Resume = true }).With((OptimizationSection s) => s with { Steps = 5 }));
        Assert.Equal(5, resumed.Steps);
    }

    [Fact]
    public void ARunThatTookThemGoesOnByItsStoredRecipe()
    {
        string first = Trained(r => r.With((NetworkSection s) => s with { Dropout = 0.2, RankDropout = 0.1 }));
        var run = trial.Run(r => From(r, first));
        var stored = Recipes.Read(run.Files.Recipe);
        Assert.Equal(0.2, stored.Network.Dropout);
        var recorder = new Recorder();
        trial.Run(_ => stored.With((SavingSection s) => s with { Resume = true }).With((OptimizationSection s) => s with { Steps = 5 }), recorder);
        Assert.DoesNotContain(recorder.Account, line => line.Name == "dropout");
    }

    [Fact]
    public void WhatFitsNoLayerIsToldAndAFileWithNothingElseRefused()
    {
        string first = Trained(), strange = trial["strange.safetensors"];
        using (var scope = NewDisposeScope())
        using (var file = Safetensors.Open(first))
        {
            var tensors = file.Tensors.ToDictionary(tensor => tensor.Name, tensor => file.Read(tensor.Name));
            Safetensors.Save(strange, tensors.ToDictionary(pair => $"lora_unet_elsewhere_{pair.Key}", pair => pair.Value), file.Metadata);
            tensors["lora_unet_elsewhere.lora_down.weight"] = ones(4, 8);
            tensors["lora_unet_elsewhere.lora_up.weight"] = ones(8, 4);
            Safetensors.Save(trial["more.safetensors"], tensors, file.Metadata);
        }
        string fault = Assert.Throws<LowrankException>(() => trial.Run(r => From(r, strange))).Message;
        Assert.Contains("does not fit the model", fault);
        Assert.DoesNotContain("allowUnmatched", fault);
        var recorder = new Recorder();
        trial.Run(r => From(Still(r), trial["more.safetensors"]), recorder);
        Assert.Contains(recorder.Account, line => line.NotUsed && line.Text.Contains("lora_unet_elsewhere", StringComparison.Ordinal));
    }

    [Fact]
    public void ARecipeThatSaysItsOwnDropoutCountsAndThatIsTold()
    {
        string first = Trained(r => r.With((NetworkSection s) => s with { Dropout = 0.2 }));
        var recorder = new Recorder();
        string without = trial.Run(r => From(r, first).With((NetworkSection s) => s with { Dropout = 0 }), recorder).AdapterPath;
        var line = Assert.Single(recorder.Account, line => line.Name == "dropout");
        Assert.True(line.NotUsed);
        Assert.Contains("ss_network_dropout 0.2: the recipe's own count (dropout 0)", line.Text);
        using var file = Safetensors.Open(without);
        Assert.Equal("None", file.Metadata["ss_network_dropout"]);
    }

    [Fact]
    public void PeftsDropoutGoesOnAsPefts()
    {
        string first = Trained();
        using (var model = StableDiffusion.Load(Trial.ModelFolder, new Storage(ScalarType.Float32)))
        using (var adapter = AdapterFile.Read(first, model.Describe()))
            AdapterConversion.Write(trial["folder"], adapter, model.Describe(), Dialects.Named("peft"), ScalarType.Float32, new Dictionary<string, string>());
        string config = Directory.GetFiles(trial["folder"], "adapter_config.json", SearchOption.AllDirectories).Single();
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"lora_dropout\": 0", "\"lora_dropout\": 0.3", StringComparison.Ordinal));
        var recorder = new Recorder();
        string told = trial.Run(r => From(r, trial["folder"]), recorder).AdapterPath;
        Assert.Contains("lora_dropout 0.3", Assert.Single(recorder.Account, line => line.Name == "dropout").Text);
        Assert.DoesNotContain(recorder.Account, line => line.Text.Contains("not in force", StringComparison.Ordinal));
        string asked = trial.Run(r => From(r, first).With((NetworkSection s) => s with { MethodArgs = ["lora_dropout=0.3"] }).With((SavingSection s) => s with { Name = "asked" })).AdapterPath;
        Trial.AssertSameBits(told, asked);
    }

    [Fact]
    public void ADropoutThatTheMethodCannotHaveIsToldAndTheOthersGoOn()
    {
        TrainingRecipe Made(TrainingRecipe r) => r.With((NetworkSection s) => s with { Method = "ia3" });
        string first = Trained(Made), with = trial["with.safetensors"];
        using (var scope = NewDisposeScope())
        using (var file = Safetensors.Open(first))
            Safetensors.Save(with, file.Tensors.ToDictionary(t => t.Name, t => file.Read(t.Name)), new Dictionary<string, string>(file.Metadata) { ["ss_network_dropout"] = "0.2", ["ss_network_args"] = """{"module_dropout": 0.3}""" });
        var recorder = new Recorder();
        string trained = trial.Run(r => From(Still(Made(r)), with), recorder).AdapterPath;
        var line = Assert.Single(recorder.Account, line => line.Name == "dropout");
        Assert.True(line.NotUsed);
        Assert.Contains("only module dropout goes on: dropout does nothing where ia3's weight is built", line.Text);
        using var written = Safetensors.Open(trained);
        Assert.Contains("\"module_dropout\": \"0.3\"", written.Metadata["ss_network_args"]);
    }

    public void Dispose() => trial.Dispose();
}
