namespace Lowrank.Cli;

/// <summary>Finds the model, the pictures and the recipes that come with the program's source.</summary>
static class RepositoryFiles
{
    /// <summary>The small Stable Diffusion that draws emoji.</summary>
    public static string DemoModel { get; } = Path.Combine("models", "emoji-sd");

    /// <summary>The nearest folder, from the working directory or else from the program upward, that holds all of <paramref name="names"/>.</summary>
    /// <exception cref="LowrankException">There is none.</exception>
    public static string FolderWith(params IReadOnlyList<string> names) =>
        new[] { Environment.CurrentDirectory, AppContext.BaseDirectory }
            .SelectMany(Upward)
            .FirstOrDefault(folder => names.All(name => Path.Exists(Path.Combine(folder, name))))
        ?? throw new LowrankException($"{string.Join(", ", names)} not found in {Environment.CurrentDirectory}, in {AppContext.BaseDirectory} or above them. " +
            "They come with Lowrank's source: call the program from its folder.");

    static IEnumerable<string> Upward(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent) yield return at.FullName;
    }
}
