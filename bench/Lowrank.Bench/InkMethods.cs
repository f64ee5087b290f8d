using System.Globalization;
using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Training;

namespace Lowrank.Bench;

/// <summary>The ink demo under every method: trains each that was not trained yet, draws the same unseen prompts, and puts them side by side with what each cost.</summary>
static class InkMethods
{
    const int Shown = 8;

    sealed record Facts(string Title, double LearningRate, long FileBytes, long Trained, double StepMilliseconds, double Colourfulness);

    public static void Print(IReadOnlyList<string> again)
    {
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
            if (again.Contains(method.FileName) || again.Contains("all") || !File.Exists(factsFile)) Train(root, own, method, prompts, factsFile);
            var facts = JsonSerializer.Deserialize<Facts>(File.ReadAllText(factsFile))!;
            double fall = 1 - facts.Colourfulness / before;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {method.Title} | {facts.LearningRate:0.####} | {facts.Trained:n0} | {facts.FileBytes / 1024.0:n0} kB | {facts.StepMilliseconds:f0} ms | {fall:p0} |"));
            columns.Add((string.Create(CultureInfo.InvariantCulture, $"{method.Title}\n{facts.FileBytes / 1024.0:n0} kB, {facts.Trained / 1000.0:n0} k\n{facts.StepMilliseconds:f0} ms, lr {facts.LearningRate:0.####}\ncolour -{fall * 100:f0} %"),
                [.. prompts.Select((_, i) => PictureFile.Read(Path.Combine(own, $"{i:00}.png")))]));
        }
        var rows = Enumerable.Range(0, Shown).Select(row => columns.Select(c => c.Pictures[row * prompts.Count / Shown]).ToArray()).ToArray();
        PictureFile.Save(Path.Combine(root, "docs", "methods.png"), PictureGrid.Compose(rows, [.. Enumerable.Range(0, Shown).Select(row => prompts[row * prompts.Count / Shown])], [.. columns.Select(c => c.Label)], fontSize: 12));
    }

    static void Train(string root, string own, InkMethod method, List<string> prompts, string factsFile)
    {
        if (Directory.Exists(own)) Directory.Delete(own, recursive: true);
        var recipe = Recipes.Read(Path.Combine(root, "recipes", "ink.yaml")).With((ModelSection s) => s with { BaseModel = Path.Combine(root, "models", "emoji-sd") }).With((PictureSection s) => s with { Pictures = Path.Combine(root, "datasets", "ink") }).With((SavingSection s) => s with { Output = own, Name = method.FileName, Tensorboard = false }).With((NetworkSection s) => s with { Method = method.Method, ConvRank = method.ConvRank, Preset = method.Preset, MethodArgs = method.Arguments ?? [] }).With((OptimizationSection s) => s with { LearningRate = method.LearningRate });
        var watch = new Watch();
        var trained = TrainingRun.Run(recipe, [watch]);
        var pictures = Draw(root, prompts, trained.AdapterPath);
        for (int i = 0; i < pictures.Count; i++) PictureFile.Save(Path.Combine(own, $"{i:00}.png"), pictures[i]);
        var facts = new Facts(method.Title, method.LearningRate, new FileInfo(trained.AdapterPath).Length, watch.Trained, 1000 * StepTimes.Median(watch.Seconds), pictures.Average(PictureMeasures.Colourfulness));
        File.WriteAllText(factsFile, JsonSerializer.Serialize(facts));
    }

    static IReadOnlyList<Picture> Draw(string root, List<string> prompts, string? adapterPath)
    {
        var precision = PrecisionNames.Named("auto");
        using var model = StableDiffusion.Load(Path.Combine(root, "models", "emoji-sd"), new Storage(precision.Stored));
        var description = model.Describe();
        using var adapter = adapterPath is null ? null : AdapterFile.Read(adapterPath, description);
        using var attachment = adapter is null ? null : description.Attach(adapter);
        return new TextToImage(model, precision, CPU).Generate(new GenerateOptions { Prompts = prompts, Seeds = [.. prompts.Select((_, i) => 1000L + i)], Steps = 20, GuidanceScale = 4, Batch = 8 });
    }

    sealed class Watch : ITrainingListener
    {
        public List<double> Seconds { get; } = [];

        public long Trained { get; private set; }

        public void Started(TrainingStarted start) => Trained = start.Parameters;

        public void Stepped(TrainingStep step) => Seconds.Add(step.Seconds);
    }
}
