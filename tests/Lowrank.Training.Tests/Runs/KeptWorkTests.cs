namespace Lowrank.Training.Tests;

/// <summary>What a run has learnt is not lost, whatever happens to it.</summary>
public sealed class KeptWorkTests : IDisposable
{
    // Steps between copies in memory, after as many with one each.
    const int CopiedEvery = 10;

    readonly Trial trial = new();

    TrainingFiles Files => new(trial.Recipe.Saving);

    // Each step throws the weights further; from some step on the loss is no number.
    static TrainingRecipe Diverging(TrainingRecipe r) => r
        .With((OptimizationSection s) => s with { LearningRate = 1e12, MaxGradNorm = 0, Steps = 40, Schedule = "linear", Warmup = 38 })
        .With((DenoisingSection s) => s with { MinSnrGamma = 0 });

    [Fact]
    public void WhatTheMessageCallsGoodGivesALossThatIsANumberAndARunGoesOnFromIt()
    {
        var recorder = new Recorder();
        string fault = Assert.Throws<LowrankException>(() => trial.Run(r => Diverging(r).With((SavingSection s) => s with { SaveEvery = 1 }), recorder)).Message;
        int last = recorder.Steps.Count;
        Assert.InRange(last, 2, 39);
        // The loss of the step after the one before the last was the last that is a number.
        Assert.Contains($"those of step {last - 1}, in {Files.Checkpoint(last - 1)}", fault);
        Assert.False(File.Exists(Files.UnprovedState));
        var second = new Recorder();
        trial.Run(r => Diverging(r).With((OptimizationSection s) => s with { LearningRate = 1e-4, Warmup = 0, Steps = last + 3 }).With((SavingSection s) => s with { Resume = true }), second);
        Assert.Equal(Enumerable.Range(last, 4), second.Steps.Select(step => step.Step));
        Assert.All(second.Steps, step => Assert.True(double.IsFinite(step.Loss)));
    }

    [Fact]
    public void AStateThatCannotBeRemovedHidesNeitherTheDivergenceNorTheWeights()
    {
        // A folder in a state's place cannot be deleted as a file.
        var recorder = new Recorder(step => { if (step.Step == 1) Directory.CreateDirectory(Files.UnprovedState); });
        string fault = Assert.Throws<LowrankException>(() => trial.Run(Diverging, recorder)).Message;
        Assert.StartsWith("training stopped at step", fault);
        Assert.Contains("The last weights whose loss is a number are those of step", fault);
        Assert.Contains(recorder.Warnings, text => text.Contains("which is not sound, could not be removed", StringComparison.Ordinal));
        Assert.NotEmpty(recorder.Files);
    }

    [Fact]
    public void WithoutACheckpointTheLastSoundWeightsAreKept()
    {
        var recorder = new Recorder();
        string fault = Assert.Throws<LowrankException>(() => trial.Run(Diverging, recorder)).Message;
        int last = recorder.Steps.Count, sound = last <= CopiedEvery ? last - 1 : (last - 1) / CopiedEvery * CopiedEvery;
        string kept = Files.Checkpoint(sound);
        Assert.Contains($"those of step {sound}, in {kept}; a run that begins with it (init_adapter)", fault);
        Assert.Equal([kept], Directory.GetFiles(trial.Recipe.Saving.Output, "*.safetensors"));
        Assert.Equal([kept], recorder.Files);
        using (var file = Safetensors.Open(kept)) Assert.Equal($"{sound}", file.Metadata["ss_steps"]);
        trial.Run(r => r.With((OptimizationSection s) => s with { Steps = 1 }).With((NetworkSection s) => s with { InitAdapter = kept }).With((SavingSection s) => s with { Name = "next" }));
        Assert.Throws<LowrankException>(() => trial.Run(r => Diverging(r).With((SavingSection s) => s with { Name = "saving", SaveEvery = 1 })));
        Trial.AssertSameBits(kept, new TrainingFiles(trial.Recipe.Saving with { Name = "saving" }).Checkpoint(sound));
    }

    [Fact]
    public void WeightsInMemoryThatAreNewerThanACheckpointAreKeptBesideItsState()
    {
        // The rate is next to nothing at the end of the first cycle, and far too high in the step after it.
        const int Cycle = 200000;
        TrainingRecipe Restarting(TrainingRecipe r, double rate) => Diverging(r).With((OptimizationSection s) => s with
        {
            LearningRate = rate, Warmup = 0, Schedule = "cosine_with_restarts", ScheduleArguments = new Dictionary<string, string> { ["cycles"] = "2" }, Steps = 2 * Cycle,
        });
        using var stop = new CancellationTokenSource();
        trial.RunUntil(stop.Token, r => Restarting(r, 1e-4), new Recorder(_ => stop.Cancel()));
        Restep(Files.State, Cycle - 1);
        string fault = Assert.Throws<LowrankException>(() => trial.Run(r => Restarting(r, 1e9).With((SavingSection s) => s with { Resume = true }))).Message;
        Assert.Contains($"training stopped at step {Cycle + 2}", fault);
        string kept = $"those of step {Cycle}, in {Files.Checkpoint(Cycle)}; a run that begins with it (init_adapter) and a lower learning_rate goes on from there";
        Assert.Contains($"{kept}, one with resume after step {Cycle - 1}", fault);
    }

    // The same state as if of another step.
    static void Restep(string path, int step)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors;
        Dictionary<string, string> metadata;
        using (var file = Safetensors.Open(path))
        {
            tensors = file.Tensors.ToDictionary(tensor => tensor.Name, tensor => file.Read(tensor.Name));
            metadata = new(file.Metadata) { ["step"] = $"{step}" };
        }
        Safetensors.Save(path, tensors, metadata);
    }

    [Fact]
    public void ARunWhoseLastWeightsGiveNoLossIsNoSuccess()
    {
        var recorder = new Recorder();
        Assert.Throws<LowrankException>(() => trial.Run(Diverging, recorder));
        int last = recorder.Steps.Count;
        string fault = Assert.Throws<LowrankException>(() => trial.Run(
            r => Diverging(r).With((OptimizationSection s) => s with { Steps = last, Schedule = "constant", LearningRate = 1e30, Warmup = 0 }).With((SavingSection s) => s with { Name = "short" }))).Message;
        Assert.Contains("training stopped at step", fault);
        Assert.False(File.Exists(Path.Combine(trial.Recipe.Saving.Output, "short.safetensors")));
    }

    [Fact]
    public void ALogThatCannotBeWrittenIsToldAndTheRunGoesOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a full device is found there");
        File.CreateSymbolicLink(Files.Metrics, "/dev/full");
        var recorder = new Recorder();
        var result = trial.Run(listener: recorder);
        Assert.Contains("the log of step 1 could not be written", Assert.Single(recorder.Warnings));
        Assert.Equal(4, result.Steps);
        Assert.True(File.Exists(result.AdapterPath));
    }

    [Fact]
    public void ACheckpointThatCannotBeWrittenIsToldAndTheRunGoesOn()
    {
        var recorder = new Recorder(step => { if (step.Step == 2) Directory.CreateDirectory(Files.Checkpoint(2)); });   // in the way
        var result = trial.Run(r => r.With((SavingSection s) => s with { SaveEvery = 2 }), recorder);
        Assert.Contains("the checkpoint of step 2 could not be saved", Assert.Single(recorder.Warnings));
        Assert.True(result.Steps == 4 && File.Exists(result.AdapterPath));
        Assert.True(File.Exists(Files.State));
    }

    [Fact]
    public void WhatWasLearntIsSavedWhereAListenerFails()
    {
        var listener = new Recorder(step => { if (step.Step == 3) throw new IOException("nobody listens any more"); });
        Assert.Throws<IOException>(() => trial.Run(listener: listener));
        Assert.True(File.Exists(Files.Checkpoint(3)));
        Assert.True(File.Exists(Files.State));
    }

    [Fact]
    public void WhatCannotBeSavedAfterAFailureHidesItNot()
    {
        var listener = new Recorder(step =>
        {
            if (step.Step != 3) return;
            Directory.CreateDirectory(Files.State);   // in the way
            throw new IOException("nobody listens any more");
        });
        Assert.Equal("nobody listens any more", Assert.Throws<IOException>(() => trial.Run(listener: listener)).Message);
        Assert.Contains("could not be put in the place of", Assert.Single(listener.Warnings));
        Assert.True(File.Exists(Files.Checkpoint(3)));
    }

    [Fact]
    public void OfCheckpointsByTimeTheNewestStaysUntilTheAdapterIsThere()
    {
        var seen = new List<int>();
        var listener = new Recorder(_ => seen.Add(Directory.GetFiles(trial.Recipe.Saving.Output, "trial-step*.safetensors").Length));
        trial.Run(r => r.With((SavingSection s) => s with { SaveEveryMinutes = 1e-9 }), listener);
        Assert.Equal([0, 1, 1, 1], seen);
        Assert.Empty(Directory.GetFiles(trial.Recipe.Saving.Output, "trial-step*.safetensors"));
        Assert.True(File.Exists(Files.Adapter));
    }

    [Fact]
    public void TheCheckpointByTimeThatIsCalledSoundIsThere()
    {
        string fault = Assert.Throws<LowrankException>(() => trial.Run(r => Diverging(r).With((SavingSection s) => s with { SaveEveryMinutes = 1e-9 }))).Message;
        string kept = Directory.GetFiles(trial.Recipe.Saving.Output, "trial-step*.safetensors").Order(StringComparer.Ordinal).First();
        Assert.Contains($"in {kept}, and a run with resume", fault);
        using var state = Safetensors.Open(Files.State);
        Assert.Equal(kept, Files.Checkpoint(int.Parse(state.Metadata["step"], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void OfFoldersByTimeTheNewestStaysToo()
    {
        var seen = new List<int>();
        var listener = new Recorder(_ => seen.Add(Directory.GetDirectories(trial.Recipe.Saving.Output, "trial-step*").Length));
        trial.Run(r => r.With((SavingSection s) => s with { SaveEveryMinutes = 1e-9 }).With((NetworkSection s) => s with { Method = "vera" }), listener);
        Assert.Equal([0, 1, 1, 1], seen);
        Assert.Empty(Directory.GetDirectories(trial.Recipe.Saving.Output, "trial-step*"));
    }

    [Fact]
    public void WhereTheStateAloneCannotBeSavedThatIsSaidAndTheCheckpointByTimeGoesAllTheSame()
    {
        var recorder = new Recorder(step => { if (step.Step == 1) Directory.CreateDirectory(Files.UnprovedState); });
        trial.Run(r => r.With((SavingSection s) => s with { SaveEveryMinutes = 1e-9 }), recorder);
        Assert.Contains("the state after step 1 could not be saved", recorder.Warnings[0]);
        Assert.Empty(Directory.GetFiles(trial.Recipe.Saving.Output, "trial-step*.safetensors"));
    }

    [Fact]
    public void AnAdapterThatAFailedRunWasToReplaceIsNamed()
    {
        trial.Run(r => r.With((SavingSection s) => s with { SaveEvery = 2 }));
        byte[] old = File.ReadAllBytes(Files.Adapter);
        var recorder = new Recorder();
        Assert.Throws<LowrankException>(() => trial.Run(r => Diverging(r).With((SavingSection s) => s with { Overwrite = true }), recorder));
        Assert.Equal(old, File.ReadAllBytes(Files.Adapter));
        Assert.Contains(recorder.Warnings, text => text.StartsWith($"{Files.Adapter} is still the earlier run's", StringComparison.Ordinal));
        Assert.Contains(recorder.Account, line => line.Name == "overwrite" && line.Text.Contains(Files.State, StringComparison.Ordinal));
    }

    [Fact]
    public void AnotherRunThatIsNamedAsACheckpointIsSpared()
    {
        string other = Path.GetFileNameWithoutExtension(Files.Checkpoint(7));
        string spared = trial.Run(r => r.With((SavingSection s) => s with { Name = other })).AdapterPath;
        trial.Run();
        trial.Run(r => r.With((SavingSection s) => s with { Overwrite = true }));
        Assert.True(File.Exists(spared));
    }

    [Fact]
    public void ASecondRunOfANameIsRefusedWhileTheFirstLives()
    {
        string? fault = null;
        var listener = new Recorder(step =>
        {
            if (step.Step == 2) fault = Assert.Throws<LowrankException>(() => trial.Run(r => r.With((SavingSection s) => s with { Overwrite = true }))).Message;
        });
        trial.Run(listener: listener);
        Assert.Contains("another run writes trial in", fault);
        Assert.Equal(4, File.ReadLines(Files.Metrics).Count());
        Assert.DoesNotContain(Directory.GetFiles(trial.Recipe.Saving.Output), path => path.EndsWith(".lock", StringComparison.Ordinal));
        trial.Run(r => r.With((SavingSection s) => s with { Overwrite = true }));
    }

    [Fact]
    public void TheLockThatACrashLeftBehindHoldsNobody()
    {
        File.WriteAllText(trial["out/.trial.lock"], "");
        trial.Run();
    }

    [Fact]
    public void OverwritingClearsTheStepsAndSamplesOfTheEarlierRunAndOfNoOther()
    {
        TrainingRecipe Sampled(TrainingRecipe r) => r.With((SamplingSection s) => s with { SampleEvery = 1, SamplePrompts = ["a cat"], SampleSteps = 1 }).With((SavingSection s) => s with { SaveEvery = 1 });
        trial.Run(Sampled);
        foreach (var other in new[] { "trial-step2.safetensors", "trial-step00000001x.safetensors", "other-step00000001.safetensors", "trial.notes.txt" }) File.WriteAllText(trial[$"out/{other}"], "another's");
        trial.Run(r => r.With((OptimizationSection s) => s with { Steps = 2 }).With((SavingSection s) => s with { Overwrite = true }));
        Assert.Equal(
            [
                "other-step00000001.safetensors", "trial-step00000001x.safetensors", "trial-step2.safetensors", "trial.account.json", "trial.metrics.jsonl", "trial.notes.txt",
                "trial.recipe.yaml", "trial.safetensors", "trial.state.safetensors",
            ], Directory.GetFiles(trial.Recipe.Saving.Output).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFiles(trial["out/samples"]));
    }

    public void Dispose() => trial.Dispose();
}
