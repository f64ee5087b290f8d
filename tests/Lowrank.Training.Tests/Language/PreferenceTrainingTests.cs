using System.Text.Json;

namespace Lowrank.Training.Tests;

/// <summary>Runs of preferences: what they are measured from, and which rows teach nothing.</summary>
public sealed class PreferenceTrainingTests : IDisposable
{
    readonly LanguageTrial trial = new();

    static TrainingRecipe Named(TrainingRecipe recipe, string name) => recipe.With((SavingSection s) => s with { Name = name });

    TrainingRecipe Paired(TrainingRecipe recipe, string objective = "dpo")
    {
        File.WriteAllLines(trial["pairs.jsonl"], Enumerable.Range(1, 12).Select(n =>
            JsonSerializer.Serialize(new { prompt = $"count to {n}:", chosen = $" {new string('x', n)}.", rejected = $" {new string('y', 13 - n)}" })));
        return recipe.With((LanguageSection s) => s with { Objective = objective, Data = trial["pairs.jsonl"] });
    }

    static readonly string[] compared = ["dpo", "kto"];

    public static IEnumerable<TheoryDataRow<string>> Compared => compared.Select(name => new TheoryDataRow<string>(name));

    [Theory, MemberData(nameof(Compared))]
    public void AKeptReferenceIsTheSameRunToTheLastBit(string objective)
    {
        TrainingRecipe Pass(TrainingRecipe r, string name, bool keeps) => Named(Paired(r, objective), name)
            .With((LanguageSection s) => s with { CacheReference = keeps }).With((OptimizationSection s) => s with { Steps = null, Epochs = 1 });
        var asked = trial.Run(r => Pass(r, "asked", keeps: false));
        var kept = trial.Run(r => Pass(r, "kept", keeps: true));
        Trial.AssertSameBits(asked.Files.State, kept.Files.State);
    }

    [Theory, MemberData(nameof(Compared))]
    public void AStoppedRunGoesOnWithTheSameBits(string objective)
    {
        string begun = trial.Run(r => Named(r, "begun")).AdapterPath;
        TrainingRecipe Part(TrainingRecipe r, string name) => Named(Paired(r, objective), name).With((NetworkSection s) => s with { InitAdapter = begun });
        var whole = trial.Run(r => Part(r, "whole"));
        using var stop = new CancellationTokenSource();
        trial.RunUntil(stop.Token, r => Part(r, "parts"), new Recorder(step => { if (step.Step == 2) stop.Cancel(); }));
        var second = trial.Run(r => Part(r, "parts").With((SavingSection s) => s with { Resume = true }));
        Trial.AssertSameBits(whole.Files.State, second.Files.State);
    }

    [Fact]
    public void ARunThatBeginsWithAnAdapterIsMeasuredFromIt()
    {
        string begun = trial.Run(r => Named(r, "begun")).AdapterPath;
        var recorder = new Recorder();
        LeakGuard.NoTensorLeaks(() => trial.Run(r => Named(Paired(r), "on").With((NetworkSection s) => s with { InitAdapter = begun }), recorder));
        Assert.Equal(Math.Log(2), recorder.Steps[0].Loss, 1e-6);
        Assert.Equal(0, recorder.Steps[0].Measures["rewards/accuracies"]);
        Assert.Contains(recorder.Account, line => line.Name == "reference" && line.Text.Contains(begun, StringComparison.Ordinal));
        Assert.Empty(recorder.Warnings);
        Assert.True(recorder.Steps[^1].Loss < recorder.Steps[0].Loss);
    }

    [Fact]
    public void DropoutsAreOffAndSaidOrOnAndWarnedOf()
    {
        var (off, on) = (new Recorder(), new Recorder());
        TrainingRecipe Dropping(TrainingRecipe r, string name, bool disables) => Named(Paired(r), name).With((NetworkSection s) => s with { Dropout = 0.5 })
            .With((LanguageSection s) => s with { DisableDropout = disables });
        string begun = trial.Run(r => Named(r, "begun")).AdapterPath;
        trial.Run(r => Dropping(r, "off", disables: true).With((NetworkSection s) => s with { InitAdapter = begun }), off);
        Assert.Equal(Math.Log(2), off.Steps[0].Loss, 1e-6);
        Assert.Contains(off.Account, line => line.NotUsed && line.Name == "dropout");
        trial.Run(r => Dropping(r, "on", disables: false).With((NetworkSection s) => s with { InitAdapter = begun }), on);
        Assert.NotEqual(Math.Log(2), on.Steps[0].Loss, 1e-4);
        Assert.Contains(on.Warnings, text => text.Contains("should be 0", StringComparison.Ordinal));
    }

    [Theory, InlineData("dpo"), InlineData("orpo"), InlineData("cpo"), InlineData("simpo")]
    public void EqualAnswersAndPromptsThatFillTheLimitAreCountedAndLeftOut(string objective)
    {
        object[] rows =
        [
            new { prompt = "a", chosen = " x", rejected = " y" }, new { prompt = "b", chosen = " x", rejected = " x" },
            new { prompt = new string('c', 40), chosen = " x", rejected = " y" }, new { prompt = "d", chosen = " xx", rejected = " y" },
        ];
        File.WriteAllLines(trial["few.jsonl"], rows.Select(row => JsonSerializer.Serialize(row)));
        var recorder = new Recorder();
        trial.Run(r => r.With((LanguageSection s) => s with { Objective = objective, Data = trial["few.jsonl"], MaxLength = 30 }), recorder);
        var dropped = recorder.Account.Where(line => line.Name == "rows_dropped").ToList();
        Assert.Contains(dropped, line => line.Text.Contains("one and the same", StringComparison.Ordinal) && line.Text.Contains("row 2", StringComparison.Ordinal));
        Assert.Contains(dropped, line => line.Text.Contains("row 3", StringComparison.Ordinal));
        Assert.Contains(recorder.Account, line => line.Text.Contains("4 rows of 4 examples", StringComparison.Ordinal));
    }

    [Fact]
    public void ABatchOfOneRowIsRefusedAndOneOfOneKindIsSaid()
    {
        TrainingRecipe Single(TrainingRecipe r, int batch, params bool[] labels)
        {
            File.WriteAllLines(trial["single.jsonl"], labels.Select((good, at) => JsonSerializer.Serialize(new { prompt = $"p{at}", completion = " x", label = good })));
            return r.With((LanguageSection s) => s with { Objective = "kto", Data = trial["single.jsonl"] }).With((OptimizationSection s) => s with { BatchSize = batch });
        }
        var error = Assert.Throws<LowrankException>(() => trial.Run(r => Single(r, 1, true, false)));
        Assert.Contains("Take 2 rows or more", error.Message);
        var recorder = new Recorder();
        trial.Run(r => Single(r, 2, true, true, true), recorder);
        Assert.Contains(recorder.Account, line => line.Text.Contains("2 of 2 batches have answers of one kind alone", StringComparison.Ordinal));
        Assert.Contains(recorder.Account, line => line.Text.Contains("the last batch has one row", StringComparison.Ordinal));
    }

    [Fact]
    public void RowsOfAnotherLayoutAreRefusedWithWhatIsWanted()
    {
        var error = Assert.Throws<LowrankException>(() => trial.Run(r => r.With((LanguageSection s) => s with { Objective = "dpo" })));
        Assert.Contains("chosen and rejected", error.Message);
    }

    [Fact]
    public void WhatIsHeldBackIsToldByTheSameNames()
    {
        var recorder = new Recorder();
        trial.Run(r => Paired(r).With((LanguageSection s) => s with { ValidationData = trial["pairs.jsonl"], ValidateEvery = 6 }), recorder);
        var told = recorder.Steps[^1].Measures;
        Assert.True(told["eval_loss"] < Math.Log(2));
        Assert.InRange(told["eval_rewards/accuracies"], 0.5, 1);
    }

    public void Dispose() => trial.Dispose();
}
