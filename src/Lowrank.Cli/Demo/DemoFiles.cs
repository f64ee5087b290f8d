namespace Lowrank.Cli;

/// <summary>Where the demo reads and writes.</summary>
/// <param name="Repository">Folder with the model, the pictures and the recipe.</param>
/// <param name="Output">Folder of the results.</param>
sealed record DemoFiles(string Repository, string Output)
{
    static readonly string pictures = Path.Combine("datasets", "ink"), recipe = Path.Combine("recipes", "ink.yaml");

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

    /// <summary>Refuses to write into a folder in which files of these names are not the demo's own. It may replace what it made itself: its page bears a mark.</summary>
    /// <param name="name">Name of the adapter.</param>
    public void RefuseToOverwrite(string name)
    {
        var adapter = Path.Combine(Output, name + ".safetensors");
        bool own = File.Exists(Page) && File.ReadAllText(Page).Contains(DemoPage.Mark, StringComparison.Ordinal)
            // Stopped before its page was written, in the folder that is nobody else's.
            || Path.GetFullPath(Output) == Path.GetFullPath(DemoCommand.StandardOutput);
        if (own) return;
        foreach (var path in new[] { adapter, Grid, Page })
            if (File.Exists(path)) throw new LowrankException($"{path} exists already, and is not of an earlier demo. Give another --output, or --overwrite.");
    }
}
