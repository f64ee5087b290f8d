namespace Lowrank.Workbench;

/// <summary>A job for each line of a text: a prompt, or options by the names of requests.</summary>
/// <remarks>Source: AUTOMATIC1111, scripts/prompts_from_file.py, at 82a973c.</remarks>
sealed class PromptLinesScript : WebUiScript
{
    const int CountsSeeds = 0, SharesSeed = 1, Position = 2, Lines = 3;

    /// <inheritdoc/>
    public override string Title => "Prompts from file or textbox";

    /// <inheritdoc/>
    public override WebUiAnswer Run(WebUiScriptRun run, WebUiScriptArguments args)
    {
        args.AtMost(Lines + 1);
        string position = args.Text(Position, "start");
        if (position is not ("start" or "end"))
            throw new LowrankException(
                $"A line's prompt stands at the start or at the end of the request's, not at \"{position}\" (script_args).");
        bool counts = args.Flag(CountsSeeds);
        if (counts || args.Flag(SharesSeed)) run = run.WithSeeds();
        var drawn = new List<WebUiAnswer>();
        var comments = new List<string>();
        long later = 0, each = Count(run, "batch_size") * Count(run, "n_iter");
        const StringSplitOptions clean = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        foreach (string text in args.Text(Lines).ReplaceLineEndings("\n").Split('\n', clean))
        {
            var line = WebUiPromptLine.Read(text, name => CheckpointTitle.Find(name, run.Files.Checkpoints)?.Name);
            if (line.WhyPlain is { } why) comments.Add($"\"{text}\" is taken for a prompt as a whole: {why}");
            var body = run.Body.DeepClone().AsObject();
            if (counts) body["seed"] = WebUiScriptRun.SeedOf(body) + later;
            drawn.Add(run.Draw(line.Over(body, behind: position == "end")));
            later += each;
        }
        if (drawn.Count == 0) throw new LowrankException("The script Prompts from file or textbox was given no lines (script_args).");
        return WebUiAnswer.Joined(drawn, comments.Concat(drawn.SelectMany(answer => answer.Comments)));
    }

    static long Count(WebUiScriptRun run, string field) => WebUiScriptRun.Whole(run.Body, field, 1);
}
