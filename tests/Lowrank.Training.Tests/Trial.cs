namespace Lowrank.Training.Tests;

/// <summary>A tiny training run in a folder of its own: five pictures, a model of 0.2 million weights, float32, one thread.</summary>
sealed class Trial : IDisposable
{
    readonly TemporaryFolder folder = new();

    public Trial()
    {
        foreach (var (name, caption) in new[] { ("a", "a red cat"), ("b", "a blue dog"), ("c", "two birds") })
            Add($"2_thing/{name}", caption);
        foreach (var (name, caption) in new[] { ("d", "a house"), ("e", "a tree") })
            Add($"1_place/{name}", caption);
    }

    /// <summary>A small, whole Stable Diffusion.</summary>
    public static string ModelFolder { get; } = Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "training", "diffusion", "tiny-sd");

    public string Pictures => folder["pictures/"];

    public string this[string name] => folder[name];

    /// <summary>Adds a picture that no other looks like, and its caption.</summary>
    public void Add(string stem, string? caption, int width = 40, int height = 36)
    {
        string path = folder[$"pictures/{stem}.png"];
        var pixels = new byte[3 * width * height];
        new Random(stem.Sum(letter => letter)).NextBytes(pixels);
        PictureFile.Save(path, new Picture(width, height, pixels));
        if (caption is not null) File.WriteAllText(Path.ChangeExtension(path, ".txt"), caption);
    }

    public TrainingRecipe Recipe => Recipes.Empty().With((ModelSection s) => s with { BaseModel = ModelFolder }).With((PictureSection s) => s with { Pictures = Pictures, Width = 32, Height = 32 }).With((SavingSection s) => s with { Output = folder["out/"], Name = "trial", SaveDtype = "f32", Tensorboard = false }).With((NetworkSection s) => s with { Rank = 2 }).With((OptimizationSection s) => s with { Steps = 4, BatchSize = 2, LearningRate = 1e-3, Warmup = 0 }).With((ComputingSection s) => s with { Precision = "f32", Threads = 1 });

    /// <summary>Runs the recipe, changed.</summary>
    public TrainingResult Run(Func<TrainingRecipe, TrainingRecipe>? change = null, ITrainingListener? listener = null) => RunUntil(CancellationToken.None, change, listener);

    /// <summary>The same, to be stopped.</summary>
    public TrainingResult RunUntil(CancellationToken stop, Func<TrainingRecipe, TrainingRecipe>? change = null, ITrainingListener? listener = null) =>
        TrainingRun.Run(change?.Invoke(Recipe) ?? Recipe, listener is null ? [] : [listener], stop);

    /// <summary>A file's tensors as bytes, by name.</summary>
    public static Dictionary<string, byte[]> Bits(string path)
    {
        using var scope = NewDisposeScope();
        using var file = Safetensors.Open(path);
        return file.Tensors.ToDictionary(tensor => tensor.Name, tensor => file.Read(tensor.Name).bytes.ToArray());
    }

    /// <summary>Asserts that two files hold the same tensors, bit for bit.</summary>
    public static void AssertSameBits(string path, string other)
    {
        var (one, two) = (Bits(path), Bits(other));
        Assert.Equal(one.Keys.Order(), two.Keys.Order());
        var different = one.Keys.Where(name => !one[name].AsSpan().SequenceEqual(two[name])).ToList();
        Assert.True(different.Count == 0, $"{different.Count} of {one.Count} tensors differ, such as {different.FirstOrDefault()}");
    }

    public void Dispose() => folder.Dispose();
}
