namespace Lowrank.Workbench;

/// <summary>Finds the model, the pictures and the recipes that come with the program's source.</summary>
public static class RepositoryFiles
{
    /// <summary>The small Stable Diffusion that draws emoji.</summary>
    public static string DemoModel { get; } = Path.Combine("models", "emoji-sd");

    /// <summary>The path of the demo's model, found as <see cref="FolderWith"/> finds.</summary>
    /// <exception cref="LowrankException">It is not there.</exception>
    public static string FindDemoModel() => Path.Combine(FolderWith(DemoModel), DemoModel);

    /// <summary>The nearest folder that holds all of some names: from the working directory upward, or else from the program's.</summary>
    /// <exception cref="LowrankException">There is none.</exception>
    public static string FolderWith(params IReadOnlyList<string> names) =>
        new[] { Environment.CurrentDirectory, AppContext.BaseDirectory }
            .SelectMany(Upward)
            .FirstOrDefault(folder => names.All(name => Path.Exists(Path.Combine(folder, name))))
        ?? throw new LowrankException(
            $"{string.Join(", ", names)} not found in {Environment.CurrentDirectory}, in {AppContext.BaseDirectory} or above them. " +
            "They come with Lowrank's source: call the program from its folder.");

    static IEnumerable<string> Upward(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent) yield return at.FullName;
    }
}
