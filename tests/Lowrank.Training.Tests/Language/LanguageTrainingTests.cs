using System.Text.Json;
using Lowrank.Language;

namespace Lowrank.Training.Tests;

public sealed class LanguageTrainingTests : IDisposable
{
    readonly LanguageTrial trial = new();

    static TrainingRecipe Named(TrainingRecipe recipe, string name) => recipe.With((SavingSection s) => s with { Name = name });

    [Fact]
    public void ARunWritesAPeftFolderWithItsTokenizerAndReadsItBack()
    {
        var recorder = new Recorder();
        var result = trial.Run(listener: recorder);
        Assert.True(Directory.Exists(result.AdapterPath), result.AdapterPath);
        foreach (string file in new[] { "adapter_config.json", "adapter_model.safetensors", "tokenizer.json", "tokenizer_config.json" })
            Assert.True(File.Exists(Path.Combine(result.AdapterPath, file)), file);
        var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(result.AdapterPath, "adapter_config.json"))).RootElement;
        Assert.Equal(trial.Model, config.GetProperty("base_model_name_or_path").GetString());
        Assert.Equal("CAUSAL_LM", config.GetProperty("task_type").GetString());

        using var model = LanguageModel.Load(trial.Model);
        using var adapter = AdapterFile.Read(result.AdapterPath, model.Network.Describe());
        Assert.Equal(14, adapter.Targets.Count);   // every projection of two layers, and no head
        Assert.Contains(recorder.Account, line => line.Text.Contains("12 rows of 12 examples", StringComparison.Ordinal));
    }

    [Fact]
    public void TheFirstLossIsThatOfTheBase()
    {
        var result = trial.Run(r => r.With((OptimizationSection s) => s with { Steps = 1, BatchSize = 12 }));
        double told = JsonDocument.Parse(File.ReadLines(result.Files.Metrics).First()).RootElement.GetProperty("loss").GetDouble();

        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var model = LanguageModel.Load(trial.Model, new Storage(ScalarType.Float32));
        double sum = 0, count = 0;
        foreach (int n in Enumerable.Range(1, 12))
        {
            var (prompt, all) = (model.Tokenizer.Encode($"count to {n}:").Ids, model.Tokenizer.Encode($"count to {n}: {new string('x', n)}.</s>").Ids);
            var ids = tensor(all.Select(id => (long)id).ToArray()).unsqueeze(0);
            var logs = model.Network.Logits(model.Network.Run(new(ids)).Hidden).log_softmax(-1);
            for (int at = prompt.Count; at < all.Count; at++, count++) sum -= logs[0, at - 1, all[at]].ToDouble();
        }
        Assert.Equal(sum / count, told, 4);
    }

    [Fact]
    public void ItLearns()
    {
        var recorder = new Recorder();
        trial.Run(r => r.With((OptimizationSection s) => s with { Steps = 20, BatchSize = 12, Schedule = "constant" }), recorder);
        Assert.True(recorder.Steps[^1].Loss < 0.5 * recorder.Steps[0].Loss, $"{recorder.Steps[0].Loss} became {recorder.Steps[^1].Loss}");
        Assert.Contains("mean_token_accuracy", recorder.Steps[0].Measures.Keys);
    }

    public static IEnumerable<TheoryDataRow<string, Func<TrainingRecipe, TrainingRecipe>>> Ways =>
    [
        new("plain", r => r),
        new("noise and dropout", r => r.With((LanguageSection s) => s with { NeftuneAlpha = 5 }).With((NetworkSection s) => s with { Dropout = 0.2 })),
        new("packed, accumulated", r => r.With((LanguageSection s) => s with { Packing = "bfd" }).With((OptimizationSection s) => s with { Accumulation = 2, BatchSize = 1 })),
        new("checkpointed, looked at", r => r.With((ComputingSection s) => s with { GradientCheckpointing = true }).With((LanguageSection s) => s with { ValidationData = s.Data, ValidateEvery = 2 })),
        new("momentum", r => r.With((OptimizationSection s) => s with { Optimizer = "sgd", OptimizerArguments = new Dictionary<string, string> { ["momentum"] = "0.9" } })),
        new("the paper's optimizer", r => r.With((OptimizationSection s) => s with { Optimizer = "adamw_hf" })),
    ];

    [Theory, MemberData(nameof(Ways))]
    public void AStoppedRunGoesOnWithTheSameBits(string what, Func<TrainingRecipe, TrainingRecipe> change)
    {
        Assert.NotEmpty(what);
        var whole = trial.Run(r => change(Named(r, "whole")));
        using var stop = new CancellationTokenSource();
        var first = trial.RunUntil(stop.Token, r => change(Named(r, "parts")), new Recorder(step => { if (step.Step == 2) stop.Cancel(); }));
        Assert.True(first.Stopped);
        random.manual_seed(999);   // what happens between the two must not matter
        var second = trial.Run(r => change(Named(r, "parts")).With((SavingSection s) => s with { Resume = true }));
        Trial.AssertSameBits(whole.Files.State, second.Files.State);
        Assert.Equal(6, File.ReadLines(second.Files.Metrics).Count());
    }

    [Fact]
    public void AccumulatedBatchesAreOneBatch()
    {
        var (one, parts) = (new Recorder(), new Recorder());
        trial.Run(r => Named(r, "one").With((OptimizationSection s) => s with { BatchSize = 12, Steps = 3 }), one);
        trial.Run(r => Named(r, "parts").With((OptimizationSection s) => s with { BatchSize = 3, Accumulation = 4, Steps = 3 }), parts);
        foreach (var (whole, split) in one.Steps.Zip(parts.Steps))
        {
            Assert.Equal(whole.Loss, split.Loss, 4);
            Assert.Equal(whole.GradientNorm, split.GradientNorm, 3);
        }
    }

    [Fact]
    public void PackedRowsCostWhatTheyCostApart()
    {
        var (apart, packed) = (new Recorder(), new Recorder());
        trial.Run(r => Named(r, "apart").With((OptimizationSection s) => s with { BatchSize = 12, Steps = 2 }), apart);
        trial.Run(r => Named(r, "packed").With((OptimizationSection s) => s with { BatchSize = 12, Steps = 2 }).With((LanguageSection s) => s with { Packing = "bfd" }), packed);
        foreach (var (one, other) in apart.Steps.Zip(packed.Steps)) Assert.Equal(one.Loss, other.Loss, 4);
    }

    [Fact]
    public void WhatIsHeldBackIsToldInTheMetricsAndTextsAreWrittenOnTheWay()
    {
        var recorder = new Recorder();
        trial.Run(r => r.With((LanguageSection s) => s with { ValidationData = trial.Held, ValidateEvery = 3, SampleEvery = 3, SamplePrompts = ["count to 3:"], SampleTokens = 4 }), recorder);
        Assert.Equal([3, 6], recorder.Steps.Where(step => step.Measures.ContainsKey("eval_loss")).Select(step => step.Step));
        Assert.Equal(2, recorder.Files.Count(file => file.EndsWith(".txt", StringComparison.Ordinal)));
    }

    [Fact]
    public void ARunLeavesNoTensorBehindAndHoldsNoMoreWithEachStep()
    {
        trial.Run(r => Named(r, "first"));   // what a process makes once
        LeakGuard.NoTensorLeaks(() =>
        {
            var held = new List<long>();
            trial.Run(r => r.With((OptimizationSection s) => s with { Steps = 200 }), new Recorder(_ => held.Add(LeakGuard.Live)));
            Assert.Equal(held[3], held[^1]);
        });
    }

    [Fact]
    public void WhatARunDoesNotHeedIsRefused()
    {
        var error = Assert.Throws<LowrankException>(() => trial.Run(r => r.With((LanguageSection s) => s with { Rows = "axolotl" })));
        Assert.Contains("rows is axolotl, whose rows a run does not make", error.Message);
    }

    [Fact]
    public void DropoutsAreAtWorkInTrainingAndNotInLooks()
    {
        string begun = trial.Run(r => Named(r, "begun")).AdapterPath;
        TrainingRecipe Look(TrainingRecipe r, string name, double dropout) => Named(r, name).With((NetworkSection s) => s with { InitAdapter = begun, Dropout = dropout })
            .With((OptimizationSection s) => s with { Steps = 1, BatchSize = 12, LearningRate = 1e-9 }).With((LanguageSection s) => s with { ValidationData = trial.Held, ValidateEvery = 1 });
        var (with, without) = (new Recorder(), new Recorder());
        trial.Run(r => Look(r, "with", 0.5), with);
        trial.Run(r => Look(r, "without", 0), without);
        Assert.NotEqual(without.Steps[0].Loss, with.Steps[0].Loss, 1e-3);
        Assert.Equal(without.Steps[0].Measures["eval_loss"], with.Steps[0].Measures["eval_loss"], 1e-5);
    }

    [Fact]
    public void ATableIsLearntAsTheSameRowsOfJson()
    {
        File.WriteAllLines(trial["rows.csv"], ["prompt,completion", .. Enumerable.Range(1, 12).Select(n => $"count to {n}:, {new string('x', n)}.")]);
        var (json, table) = (new Recorder(), new Recorder());
        trial.Run(r => r.With((SavingSection s) => s with { Name = "json" }), json);
        trial.Run(r => r.With((SavingSection s) => s with { Name = "table" }).With((LanguageSection s) => s with { Data = trial["rows.csv"] }), table);
        Assert.Equal(json.Steps.Select(step => step.Loss), table.Steps.Select(step => step.Loss));
    }

    [Fact]
    public void TheFinishedAdapterLiesThereAsGgufTooAndIsNotReplacedUnasked()
    {
        var folder = trial.Run().AdapterPath;
        using (var model = LanguageModel.Load(trial.Model))
        {
            var (whole, single) = (model.Adapters.Load(folder, "whole"), model.Adapters.Load(folder + ".gguf", "single"));
            Assert.Equal(whole.Adapter.Targets.Keys.Order(), single.Adapter.Targets.Keys.Order());
        }
        Directory.Delete(folder, recursive: true);
        foreach (string state in Directory.GetFiles(Path.GetDirectoryName(folder)!, "*.state.*")) File.Delete(state);
        var error = Assert.Throws<LowrankException>(() => trial.Run());
        Assert.Contains(".gguf exists already", error.Message);
        File.Delete(folder + ".gguf");
        trial.Run(recipe => recipe.With((LanguageSection s) => s with { Gguf = false }));
        Assert.False(File.Exists(folder + ".gguf"));
    }

    [Fact]
    public void WhatIsAskedOfARowIsLearntAsIfItStoodInTheRow()
    {
        string asked = trial["asked.jsonl"];
        File.WriteAllLines(asked, File.ReadLines(trial.Data).Select(line => line.Replace("count to", "Please count to")));
        double Loss(string data, string prompt)
        {
            var losses = new List<double>();
            trial.Run(recipe => recipe
                .With((LanguageSection s) => s with { Data = data, Prompt = prompt })
                .With((SavingSection s) => s with { Overwrite = true })
                .With((OptimizationSection s) => s with { Steps = 1 }), new Heard(losses));
            return losses[0];
        }
        Assert.Equal(Loss(asked, ""), Loss(trial.Data, "Please {input}"));
        Assert.Contains("has no {input}", Assert.Throws<LowrankException>(() => Loss(asked, "Please")).Message);
    }

    sealed class Heard(List<double> losses) : ITrainingListener
    {
        public void Stepped(TrainingStep step) => losses.Add(step.Loss);
    }

    public void Dispose() => trial.Dispose();
}
