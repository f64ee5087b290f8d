namespace Lowrank.Workbench;

/// <summary>A prompt whose parts, between bars, are there or not: every choice of them, laid out in one.</summary>
/// <remarks>Source: AUTOMATIC1111, scripts/prompt_matrix.py, at 82a973c.</remarks>
sealed class PromptMatrixScript : WebUiScript
{
    const int AtStart = 0, CountsSeeds = 1, OfPrompt = 2, Delimiter = 3, Margin = 4;

    static readonly Dictionary<string, string> prompts = new() { ["positive"] = "prompt", ["negative"] = "negative_prompt" };
    static readonly Dictionary<string, string> delimiters = new() { ["comma"] = ", ", ["space"] = " " };

    /// <inheritdoc/>
    public override string Title => "Prompt matrix";

    /// <inheritdoc/>
    public override WebUiAnswer Run(WebUiScriptRun run, WebUiScriptArguments args)
    {
        args.AtMost(Margin + 1);
        string field = Word(prompts, args.Text(OfPrompt, "positive")), between = Word(delimiters, args.Text(Delimiter, "comma"));
        run = run.WithSeeds();
        var matrix = new PromptMatrix(run.Body[field]?.GetValue<string>() ?? "");
        var seeds = matrix.Seeds(WebUiScriptRun.SeedOf(run.Body), args.Flag(CountsSeeds));
        long variation = WebUiScriptRun.SeedOf(run.Body, "subseed");
        var drawn = new List<WebUiAnswer>();
        foreach (var (number, prompt) in matrix.Prompts(args.Flag(AtStart), between).Index())
        {
            var body = run.Body.DeepClone().AsObject();
            (body[field], body["seed"], body["subseed"]) = (prompt, seeds[number], variation + number);
            (body["batch_size"], body["n_iter"]) = (1, 1);
            drawn.Add(run.Draw(body));
        }
        var pictures = drawn.Select(answer => answer.Pictures[0]).ToList();
        var laid = PictureGrid.Compose(
            [.. pictures.Chunk(matrix.Count / matrix.Rows)], matrix.RowLabels, matrix.ColumnLabels, margin: args.Whole(Margin));
        var told = new Picture(laid.Width, laid.Height, laid.Pixels) { InfoText = pictures[0].InfoText };
        return WebUiAnswer.Joined([drawn[0] with { Pictures = [told] }, .. drawn], drawn.SelectMany(answer => answer.Comments));
    }

    static string Word(Dictionary<string, string> words, string given) => words.GetValueOrDefault(given) ?? throw new LowrankException(
        $"\"{given}\" is nothing that the script Prompt matrix knows; there are {string.Join(" and ", words.Keys)} (script_args).");
}
