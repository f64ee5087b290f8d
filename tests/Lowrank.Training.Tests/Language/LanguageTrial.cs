using System.Text.Json;

namespace Lowrank.Training.Tests;

/// <summary>A tiny run of a language model in a folder of its own: twelve rows, two layers, a token for each letter, float32, one
/// thread.</summary>
sealed class LanguageTrial : IDisposable
{
    readonly TemporaryFolder folder = new();

    public LanguageTrial()
    {
        Model = folder["model/"];
        string tiny = Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "training", "llm", "tiny-llama");
        Directory.CreateDirectory(Model);
        foreach (string file in Directory.GetFiles(tiny)) File.Copy(file, Path.Combine(Model, Path.GetFileName(file)));
        WriteTokenizer();
        File.WriteAllLines(Data, Enumerable.Range(1, 12).Select(n => JsonSerializer.Serialize(new { prompt = $"count to {n}:", completion = $" {new string('x', n)}." })));
        File.WriteAllLines(Held, [JsonSerializer.Serialize(new { prompt = "count to 20:", completion = " xxxxxx." })]);
    }

    public string Model { get; }

    public string Data => folder["rows.jsonl"];

    public string Held => folder["held.jsonl"];

    public string this[string name] => folder[name];

    // The 95 letters of ASCII, then the end: as many as the model tells apart.
    void WriteTokenizer()
    {
        var letters = Enumerable.Range(32, 95).ToDictionary(code => ((char)code).ToString(), code => code - 32);
        object[] added = [new { id = 95, content = "</s>", single_word = false, lstrip = false, rstrip = false, normalized = false, special = true }];
        letters["</s>"] = 95;
        object bpe = new { type = "BPE", vocab = letters, merges = Array.Empty<string>() };
        File.WriteAllText(Path.Combine(Model, "tokenizer.json"), JsonSerializer.Serialize(new { version = "1.0", added_tokens = added, model = bpe }));
        File.WriteAllText(Path.Combine(Model, "tokenizer_config.json"), """{"eos_token": "</s>", "tokenizer_class": "PreTrainedTokenizerFast"}""");
    }

    public TrainingRecipe Recipe => Recipes.Empty("language").With((ModelSection s) => s with { BaseModel = Model })
        .With((LanguageSection s) => s with { Data = Data, MaxLength = 64 })
        .With((SavingSection s) => s with { Output = folder["out/"], Name = "trial", SaveDtype = "f32", Tensorboard = false })
        .With((NetworkSection s) => s with { Rank = 2, Alpha = 4 })
        .With((OptimizationSection s) => s with { Steps = 6, BatchSize = 4, LearningRate = 1e-2, Warmup = 0 })
        .With((ComputingSection s) => s with { Precision = "f32", Threads = 1 });

    public TrainingResult Run(Func<TrainingRecipe, TrainingRecipe>? change = null, ITrainingListener? listener = null) => RunUntil(CancellationToken.None, change, listener);

    public TrainingResult RunUntil(CancellationToken stop, Func<TrainingRecipe, TrainingRecipe>? change = null, ITrainingListener? listener = null) =>
        TrainingRun.Run(change?.Invoke(Recipe) ?? Recipe, listener is null ? [] : [listener], stop);

    public void Dispose() => folder.Dispose();
}
