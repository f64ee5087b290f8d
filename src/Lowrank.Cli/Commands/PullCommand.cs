namespace Lowrank.Cli;

/// <summary>Fetches a model or an adapter from the Hugging Face hub.</summary>
sealed class PullCommand : HelpfulCommand
{
    readonly Argument<string> name = new("name")
    {
        HelpName = "NAME",
        Description = "hf:owner/name, hf:owner/name@revision, or of a file alone hf:owner/name//path/file",
    };

    readonly Option<string> revision = new("--revision") { HelpName = "NAME", Description = "a branch, a tag or a commit (default: main)" };

    readonly Option<string[]> include = new("--include")
    {
        HelpName = "PATTERN",
        Description = "fetch what fits in place of what is needed; * stands for any characters, slashes too; may be given several times",
    };

    readonly Option<string[]> exclude = new("--exclude")
    {
        HelpName = "PATTERN",
        Description = "leave out what fits; may be given several times",
    };

    readonly Option<bool> dryRun = new("--dry-run") { Description = "list the files with their sizes, and fetch nothing" };
    readonly JsonOption json = new("print the place, the commit and the files as JSON");

    public PullCommand() : base("pull",
        "Fetches a model or an adapter from the Hugging Face hub into its cache, where other programs find it too: the files that are " +
        "needed, checked by size and hash. After a break the same call goes on where it stopped. Prints the place.")
    {
        Add(name);
        AddGroup("What", revision, include, exclude);
        AddGroup("How", dryRun, json);
        SetAction((result, cancel) => Task.FromResult(Run(result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("pull hf:owner/model", "a base model; then: --model hf:owner/model"),
        new("pull hf:owner/style@v2//style.safetensors", "a file of a revision; then: --adapter hf:owner/style@v2//style.safetensors:0.8"),
        new("pull hf:owner/name --dry-run", "what would be fetched, and how much"),
        new("pull hf:owner/name --include \"*.safetensors\" --exclude \"*fp16*\"", "what fits, needed or not"),
    ];

    int Run(ParseResult result, CancellationToken cancel)
    {
        var request = new PullRequest(result.GetRequiredValue(name))
        {
            Revision = result.GetValue(revision),
            Include = result.GetValue(include) ?? [],
            Exclude = result.GetValue(exclude) ?? [],
            DryRun = result.GetValue(dryRun),
        };
        var report = ProgressBars.Show(new PullJob(), request, cancel);
        json.Show(result, report, PullView.Write);
        return ExitCode.Success;
    }
}
