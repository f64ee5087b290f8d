using System.Text.Json;

namespace Lowrank.Training.Tests;

/// <summary>A tiny run of a head over a small BERT in a folder of its own: a token for each letter, float32, one thread.</summary>
sealed class HeadTrial : IDisposable
{
    readonly TemporaryFolder folder = new();

    public HeadTrial()
    {
        Model = folder["model/"];
        string tiny = Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "language", "models", "bert-cls");
        Directory.CreateDirectory(Model);
        foreach (string file in Directory.GetFiles(tiny)) File.Copy(file, Path.Combine(Model, Path.GetFileName(file)));
        var letters = Enumerable.Range('a', 26).Select(code => ((char)code).ToString()).ToList();
        string[] others = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];
        File.WriteAllLines(Path.Combine(Model, "vocab.txt"), ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. letters, .. letters.Select(one => "##" + one), .. others]);
        File.WriteAllText(Path.Combine(Model, "tokenizer_config.json"), """{"tokenizer_class": "BertTokenizer", "do_lower_case": true, "pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]", "model_max_length": 32}""");
    }

    public string Model { get; }

    public string this[string name] => folder[name];

    /// <summary>Writes rows as lines of JSON, and gives the file's path.</summary>
    public string Rows(string name, params object[] rows)
    {
        File.WriteAllLines(folder[name], rows.Select(row => JsonSerializer.Serialize(row)));
        return folder[name];
    }

    /// <summary>Rows of some classes, told by their first letter.</summary>
    public string Classes(string name, int count, params string[] classes) => Rows(name,
        [.. Enumerable.Range(0, count).Select(n => new { text = $"{classes[n % classes.Length][0]} {new string((char)('a' + n % 7), 1 + n % 5)}", label = classes[n % classes.Length] })]);

    public TrainingRecipe Recipe(string objective, string data) => Recipes.Empty("language").With((ModelSection s) => s with { BaseModel = Model })
        .With((LanguageSection s) => s with { Data = data, ValidationData = data, Objective = objective, ValidateEvery = 100 })
        .With((SavingSection s) => s with { Output = folder["out/"], Name = "trial", SaveDtype = "f32", Tensorboard = false })
        .With((NetworkSection s) => s with { Rank = 2, Alpha = 4 })
        .With((OptimizationSection s) => s with { Steps = 6, BatchSize = 4, LearningRate = 1e-2, Warmup = 0 })
        .With((ComputingSection s) => s with { Precision = "f32", Threads = 1 });

    public static TrainingResult Run(TrainingRecipe recipe, ITrainingListener? listener = null) => RunUntil(recipe, listener, CancellationToken.None);

    public static TrainingResult RunUntil(TrainingRecipe recipe, ITrainingListener? listener, CancellationToken stop) =>
        TrainingRun.Run(recipe, listener is null ? [] : [listener], stop);

    public void Dispose() => folder.Dispose();
}
