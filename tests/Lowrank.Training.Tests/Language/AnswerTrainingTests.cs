using System.Text.Json;

namespace Lowrank.Training.Tests;

/// <summary>Runs that learn from answers of the model's own.</summary>
public sealed class AnswerTrainingTests : IDisposable
{
    readonly LanguageTrial trial = new();

    static TrainingRecipe Named(TrainingRecipe recipe, string name) => recipe.With((SavingSection s) => s with { Name = name });

    TrainingRecipe Rewarded(TrainingRecipe recipe, string objective = "grpo", params string[] rewards)
    {
        File.WriteAllLines(trial["prompts.jsonl"], Enumerable.Range(1, 6).Select(n => JsonSerializer.Serialize(new { prompt = $"count to {n}:", answer = "xx" })));
        return recipe.With((OptimizationSection s) => s with { BatchSize = 8, LearningRate = 3e-2, Steps = 12 }).With((LanguageSection s) => s with
        {
            Objective = objective, Data = trial["prompts.jsonl"], Rewards = rewards.Length == 0 ? ["pattern:x"] : rewards, Generations = 8,
            ObjectiveArguments = new Dictionary<string, string> { ["max_completion_length"] = "6" },
        });
    }

    [Theory, InlineData("grpo"), InlineData("rloo")]
    public void TheRewardRises(string objective)
    {
        var recorder = new Recorder();
        trial.Run(r => Rewarded(r, objective).With((OptimizationSection s) => s with { Steps = 30 }), recorder);
        double[] rewards = [.. recorder.Steps.Select(step => step.Measures["reward"])];
        Assert.True(rewards[^6..].Average() > rewards[..6].Average() + 0.2, string.Join(" ", rewards));
        foreach (string name in new[] { "reward_std", "frac_reward_zero_std", "rewards/pattern/mean", "rewards/pattern/std", "completions/mean_length", "completions/clipped_ratio", "entropy" })
            Assert.True(recorder.Steps[0].Measures.ContainsKey(name), name);
    }

    [Fact]
    public void AStoppedRunGoesOnWithTheSameBits()
    {
        TrainingRecipe Part(TrainingRecipe r, string name) => Named(Rewarded(r), name).With((OptimizationSection s) => s with { Steps = 4, BatchSize = 4, Accumulation = 2 });
        var whole = trial.Run(r => Part(r, "whole"));
        using var stop = new CancellationTokenSource();
        trial.RunUntil(stop.Token, r => Part(r, "parts"), new Recorder(step => { if (step.Step == 2) stop.Cancel(); }));
        random.manual_seed(999);
        var second = trial.Run(r => Part(r, "parts").With((SavingSection s) => s with { Resume = true }));
        Trial.AssertSameBits(whole.Files.State, second.Files.State);
    }

    [Fact]
    public void AnswersOfOneRewardTeachNothingAndThatIsSaid()
    {
        var recorder = new Recorder();
        trial.Run(r => Rewarded(r, "grpo", "length:0-100").With((OptimizationSection s) => s with { Steps = 2 }), recorder);
        Assert.All(recorder.Steps, step => Assert.Equal((1, 0, 0), (step.Measures["frac_reward_zero_std"], step.Loss, step.GradientNorm)));
        Assert.Contains(recorder.Warnings, text => text.Contains("every answer to a prompt got the same reward", StringComparison.Ordinal));
        Assert.Contains(recorder.Warnings, text => text.Contains("2 of 2 prompts had answers of one reward alone", StringComparison.Ordinal));
    }

    [Fact]
    public void AnswersAreToldWithTheirSeedsAndRewards()
    {
        var recorder = new Recorder();
        trial.Run(r => Rewarded(r, "grpo", "pattern:x", "exact_match").With((OptimizationSection s) => s with { Steps = 2 })
            .With((LanguageSection s) => s with { SampleEvery = 2, RewardWeights = [1, 0.5] }), recorder);
        string file = Assert.Single(recorder.Files, file => file.EndsWith("-answers.jsonl", StringComparison.Ordinal));
        var lines = File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(8, lines.Count);
        Assert.Equal(8, lines.Select(line => line.GetProperty("seed").GetInt64()).Distinct().Count());
        Assert.All(lines, line => Assert.Equal(["pattern", "exact_match"], line.GetProperty("rewards").EnumerateObject().Select(one => one.Name)));
    }

    [Fact]
    public void ADivergenceFromTheBaseIsMeasuredFromIt()
    {
        var recorder = new Recorder();
        trial.Run(r => Rewarded(r).With((OptimizationSection s) => s with { Steps = 3 }).With((LanguageSection s) => s with
        {
            ObjectiveArguments = new Dictionary<string, string> { ["max_completion_length"] = "6", ["beta"] = "0.1" },
        }), recorder);
        Assert.Equal(0, recorder.Steps[0].Measures["kl"], 1e-6);
        Assert.True(recorder.Steps[^1].Measures["kl"] > 0);
    }

    [Fact]
    public void WhatCannotBeAnsweredIsRefusedOrSaid()
    {
        var error = Assert.Throws<LowrankException>(() => trial.Run(r => Rewarded(r).With((OptimizationSection s) => s with { BatchSize = 6 })));
        Assert.Contains("a step has 6 answers", error.Message);
        error = Assert.Throws<LowrankException>(() => trial.Run(r => Rewarded(r).With((LanguageSection s) => s with { Rewards = [] })));
        Assert.Contains("rewards are missing", error.Message);
        error = Assert.Throws<LowrankException>(() => trial.Run(r => Rewarded(r, "grpo", "lenght:3")));
        Assert.Contains("length", error.Message);
        var recorder = new Recorder();
        trial.Run(r => Rewarded(r).With((OptimizationSection s) => s with { Steps = 1 }).With((LanguageSection s) => s with { ValidationData = trial.Held }), recorder);
        Assert.Contains(recorder.Account, line => line.NotUsed && line.Name == "validation_data");
        error = Assert.Throws<LowrankException>(() => trial.Run(r => Named(Rewarded(r).With((LanguageSection s) => s with { ObjectiveArguments = new Dictionary<string, string>() }), "short")));
        Assert.Contains("max_completion_length", error.Message);
        File.AppendAllText(trial["prompts.jsonl"], JsonSerializer.Serialize(new { prompt = new string('a', 300) }) + "\n");
        trial.Run(r => Named(Longer(r), "long"), recorder);
        Assert.Contains(recorder.Account, line => line.NotUsed && line.Text.Contains("leaves no place for an answer", StringComparison.Ordinal));
    }

    TrainingRecipe Longer(TrainingRecipe r) => r.With((OptimizationSection s) => s with { Steps = 1 }).With((LanguageSection s) => s with
    {
        Objective = "grpo", Data = trial["prompts.jsonl"], Rewards = ["pattern:x"], Generations = 4,
        ObjectiveArguments = new Dictionary<string, string> { ["max_completion_length"] = "6" },
    });

    [Fact]
    public void ARunHoldsNoMoreTensorsWithEachStep() => LeakGuard.NoTensorLeaks(() =>
    {
        var held = new List<long>();
        trial.Run(r => Rewarded(r), new Recorder(_ => held.Add(LeakGuard.Live)));
        Assert.Equal(held[3], held[^1]);
    });

    public void Dispose() => trial.Dispose();
}
