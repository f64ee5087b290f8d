using System.Globalization;
using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Training;

namespace Lowrank.Bench;

/// <summary>
/// The ink demo under every method: trains each that was not trained yet, draws the same unseen
/// prompts, and puts them side by side with what each cost.
/// </summary>
static class InkMethods
{
    const int Shown = 8;

    sealed record Facts(string Title, double LearningRate, long FileBytes, long Trained, double StepMilliseconds, double Colourfulness);

    public static void Print(IReadOnlyList<string> again)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        string[] known = [.. InkMethod.All.Select(method => method.FileName), "all"];
        if (again.Except(known).FirstOrDefault() is { } unknown)
            throw new LowrankException($"no method \"{unknown}\"; there are {string.Join(", ", known)}");
        var root = BenchModel.FindRoot();
        var folder = Directory.CreateDirectory(Path.Combine(root, "artifacts", "ink-methods")).FullName;
        var prompts = File.ReadAllLines(Path.Combine(root, "datasets", "ink", "prompts.txt")).Where(line => line.Length > 0).ToList();
        var columns = new List<(string Label, IReadOnlyList<Picture> Pictures)>();
        var basePictures = Draw(root, prompts, null);
        double before = basePictures.Average(PictureMeasures.Colourfulness);
        columns.Add(("base", basePictures));
        foreach (var method in InkMethod.All)
        {
            var own = Path.Combine(folder, method.FileName);
            var factsFile = Path.Combine(own, "facts.json");
            bool trainsAgain = again.Contains(method.FileName) || again.Contains("all");
            if (trainsAgain || !File.Exists(factsFile)) Train(root, own, method, prompts, factsFile);
            var facts = JsonSerializer.Deserialize<Facts>(File.ReadAllText(factsFile))!;
            double fall = 1 - facts.Colourfulness / before;
            var (file, rate) = ($"{facts.FileBytes / 1024.0:n0} kB", $"{facts.LearningRate:0.####}");
            Console.WriteLine($"| {method.Title} | {rate} | {facts.Trained:n0} | {file} | {facts.StepMilliseconds:f0} ms | {fall:p0} |");
            string[] label =
            [
                method.Title,
                $"{file}, {facts.Trained / 1000.0:n0} k",
                $"{facts.StepMilliseconds:f0} ms, lr {rate}",
                $"colour -{fall * 100:f0} %",
            ];
            columns.Add((string.Join('\n', label), [.. prompts.Select((_, i) => PictureFile.Read(Path.Combine(own, $"{i:00}.png")))]));
        }
        int[] shown = [.. Enumerable.Range(0, Shown).Select(row => row * prompts.Count / Shown)];
        Picture[][] rows = [.. shown.Select(index => columns.Select(column => column.Pictures[index]).ToArray())];
        string[] labels = [.. columns.Select(c => c.Label)], titles = [.. shown.Select(index => prompts[index])];
        PictureFile.Save(Path.Combine(root, "docs", "methods.png"), PictureGrid.Compose(rows, [.. titles], [.. labels], fontSize: 12));
    }

    static void Train(string root, string own, InkMethod method, List<string> prompts, string factsFile)
    {
        if (Directory.Exists(own)) Directory.Delete(own, recursive: true);
        var recipe = Recipes.Read(Path.Combine(root, "recipes", "ink.yaml"))
            .With((ModelSection model) => model with { BaseModel = Path.Combine(root, "models", "emoji-sd") })
            .With((PictureSection data) => data with { Pictures = Path.Combine(root, "datasets", "ink") })
            .With((SavingSection saving) => saving with { Output = own, Name = method.FileName, Tensorboard = false })
            .With((OptimizationSection optimization) => optimization with { LearningRate = method.LearningRate })
            .With((NetworkSection network) => network with
            {
                Method = method.Method,
                ConvRank = method.ConvRank,
                Preset = method.Preset,
                MethodArgs = method.Arguments ?? [],
            });
        var watch = new Watch();
        var trained = TrainingRun.Run(recipe, [watch]);
        var pictures = Draw(root, prompts, trained.AdapterPath);
        for (int i = 0; i < pictures.Count; i++) PictureFile.Save(Path.Combine(own, $"{i:00}.png"), pictures[i]);
        double milliseconds = 1000 * Rounds.Median(watch.Seconds), colour = pictures.Average(PictureMeasures.Colourfulness);
        long bytes = new FileInfo(trained.AdapterPath).Length;
        var facts = new Facts(method.Title, method.LearningRate, bytes, watch.Trained, milliseconds, colour);
        File.WriteAllText(factsFile, JsonSerializer.Serialize(facts));
    }

    static IReadOnlyList<Picture> Draw(string root, List<string> prompts, string? adapterPath)
    {
        var precision = PrecisionNames.Named("auto");
        using var model = StableDiffusion.Load(Path.Combine(root, "models", "emoji-sd"), new Storage(precision.Stored));
        var description = model.Describe();
        using var adapter = adapterPath is null ? null : AdapterFile.Read(adapterPath, description);
        using var attachment = adapter is null ? null : description.Attach(adapter);
        return new TextToImage(model, precision, CPU).Generate(new GenerateOptions
        {
            Prompts = prompts,
            Seeds = [.. prompts.Select((_, i) => 1000L + i)],
            Steps = 20,
            GuidanceScale = 4,
            Batch = 8,
        });
    }

    sealed class Watch : ITrainingListener
    {
        public List<double> Seconds { get; } = [];

        public long Trained { get; private set; }

        public void Started(TrainingStarted start) => Trained = start.Parameters;

        public void Stepped(TrainingStep step) => Seconds.Add(step.Seconds);
    }
}
