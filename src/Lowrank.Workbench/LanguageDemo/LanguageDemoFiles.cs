namespace Lowrank.Workbench;

/// <summary>Where the demo of a language model reads and writes.</summary>
/// <param name="Repository">Folder with the data and the recipe.</param>
/// <param name="Output">Folder of the results.</param>
public sealed record LanguageDemoFiles(string Repository, string Output)
{
    static readonly string data = Path.Combine("datasets", "e2e-nlg"), recipe = Path.Combine("recipes", "e2e.yaml");

    /// <summary>Where results go if nothing else is said.</summary>
    public static string StandardOutput { get; } = Path.Combine("out", "demo-language");

    /// <summary>Finds the repository from the working directory or the program upward.</summary>
    public static LanguageDemoFiles Find(string output) => new(RepositoryFiles.FolderWith(data, recipe), output);

    /// <summary>The rows that are learnt.</summary>
    public string Training => Path.Combine(Repository, data, "train.jsonl");

    /// <summary>The rows of which some are asked.</summary>
    public string Test => Path.Combine(Repository, data, "test.jsonl");

    /// <summary>The recipe.</summary>
    public string Recipe => Path.Combine(Repository, recipe);

    /// <summary>The rows that are asked.</summary>
    public string Asked => Path.Combine(Output, "asked.jsonl");

    /// <summary>What base and adapter wrote of them.</summary>
    public string Answers => Path.Combine(Output, "answers.jsonl");

    /// <summary>The page.</summary>
    public string Page => Path.Combine(Output, "report.html");

    /// <summary>Refuses to replace files that are not an earlier demo's.</summary>
    /// <param name="name">Name of the adapter.</param>
    /// <exception cref="LowrankException">One of them exists.</exception>
    public void RefuseToOverwrite(string name)
    {
        if (File.Exists(Page) && File.ReadAllText(Page).Contains(LanguageDemoPage.Mark, StringComparison.Ordinal)) return;
        string[] written = [Asked, Answers, Page, Path.Combine(Output, name), Path.Combine(Output, name + ".gguf")];
        if (written.FirstOrDefault(Path.Exists) is not { } path) return;
        throw new LowrankException($"{path} exists already, and no page of this demo lies beside it. " +
            "Give another `output`, or `overwrite`.");
    }
}
