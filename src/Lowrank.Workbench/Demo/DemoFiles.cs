namespace Lowrank.Workbench;

/// <summary>Where the demo reads and writes.</summary>
/// <param name="Repository">Folder with the model, the pictures and the recipe.</param>
/// <param name="Output">Folder of the results.</param>
public sealed record DemoFiles(string Repository, string Output)
{
    static readonly string pictures = Path.Combine("datasets", "ink"), recipe = Path.Combine("recipes", "ink.yaml");

    /// <summary>Where results go if nothing else is said.</summary>
    public static string StandardOutput { get; } = Path.Combine("out", "demo");

    /// <summary>Finds the repository from the working directory or the program upward.</summary>
    public static DemoFiles Find(string output) => new(RepositoryFiles.FolderWith(RepositoryFiles.DemoModel, pictures, recipe), output);

    /// <summary>The base model.</summary>
    public string Model => Path.Combine(Repository, RepositoryFiles.DemoModel);

    /// <summary>The training pictures.</summary>
    public string Pictures => Path.Combine(Repository, pictures);

    /// <summary>Prompts that are not among the pictures.</summary>
    public string Prompts => Path.Combine(Pictures, "prompts.txt");

    /// <summary>The recipe.</summary>
    public string Recipe => Path.Combine(Repository, recipe);

    /// <summary>The grid of pictures.</summary>
    public string Grid => Path.Combine(Output, "grid.png");

    /// <summary>The page.</summary>
    public string Page => Path.Combine(Output, "report.html");

    /// <summary>The trained adapter.</summary>
    /// <param name="name">Its name.</param>
    public string Adapter(string name) => Path.Combine(Output, name + ".safetensors");

    /// <summary>Refuses to replace files that are not an earlier demo's.</summary>
    /// <param name="name">Name of the adapter.</param>
    /// <exception cref="LowrankException">One of them exists.</exception>
    public void RefuseToOverwrite(string name)
    {
        if (IsOwnOutput()) return;
        if (new[] { Adapter(name), Grid, Page }.FirstOrDefault(File.Exists) is not { } path) return;
        throw new LowrankException($"{path} exists already, and no page of a demo lies beside it. " +
            "Give another `output`, or `overwrite`.");
    }

    // Its page bears a mark, and is written before all else.
    bool IsOwnOutput() => File.Exists(Page) && File.ReadAllText(Page).Contains(DemoPage.Mark, StringComparison.Ordinal);
}
