namespace Lowrank.Extending.Tests;

/// <summary>Runs of recipes over three pictures and a tiny model, in a folder of their own.</summary>
sealed class TinyRun : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("lowrank-extending").FullName;

    public TinyRun()
    {
        string pictures = Directory.CreateDirectory(Path.Combine(folder, "pictures")).FullName;
        foreach (var name in new[] { "a", "b", "c" })
        {
            var pixels = new byte[3 * 32 * 32];
            new Random(name[0]).NextBytes(pixels);
            PictureFile.Save(Path.Combine(pictures, $"{name}.png"), new Picture(32, 32, pixels));
            File.WriteAllText(Path.Combine(pictures, $"{name}.txt"), $"picture {name}");
        }
    }

    /// <summary>A small, whole Stable Diffusion.</summary>
    public static string ModelFolder { get; } =
        Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "training", "diffusion", "tiny-sd");

    /// <summary>A recipe of four steps, with lines of one's own.</summary>
    public TrainingRecipe Recipe(string name, string more) => Recipes.Parse(
        $"""
        base_model: {ModelFolder}
        pictures: {Path.Combine(folder, "pictures")}
        output: {Path.Combine(folder, "out")}
        name: {name}
        width: 32
        height: 32
        rank: 2
        steps: 4
        batch_size: 2
        learning_rate: 1e-3
        warmup: 0
        schedule: constant
        precision: f32
        threads: 1
        save_dtype: f32
        tensorboard: false
        {more}
        """, "here");

    /// <summary>Runs it, and tells nobody.</summary>
    public static TrainingResult Run(TrainingRecipe recipe) => TrainingRun.Run(recipe, [], TestContext.Current.CancellationToken);

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
