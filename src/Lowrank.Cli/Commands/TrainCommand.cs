using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>Trains an adapter from a recipe file, options, or both.</summary>
sealed class TrainCommand : HelpfulCommand
{
    readonly Argument<string?> recipe = new("recipe")
    {
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "RECIPE.yaml",
        Description = "a recipe: one line \"field: value\" for each option below, with _ in place of -",
    };

    readonly RecipeOptions options = new();
    readonly JsonOption json = new("print what was done as JSON, with the account of what was taken and what was not");

    public TrainCommand() : base("train",
        "Trains an adapter on a folder of pictures with captions, or, of a language model, on a file of texts, answers, conversations or " +
        "preferences (--task language). What an option says comes before what the recipe says. " +
        "Ctrl-C saves what was learnt; --resume goes on from there, with the same result as if nothing had happened.")
    {
        Add(recipe);
        foreach (var (title, group) in options.Grouped()) AddGroup(title, group);
        Add(json);
        SetAction((result, cancel) => Task.FromResult(Run(RecipeOf(result), result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("train --pictures my-pictures --model models/emoji-sd --width 128 --height 128 --steps 400 --output out/mine --name mine",
            "all by options"),
        new("train --task language --data chats.jsonl --model models/smollm2 --output out/chats --name chats", "of a language model"),
        new("train recipes/ink.yaml", "as a recipe says"),
        new("train recipes/ink.yaml --rank 4 --output out/rank4", "the same with other settings"),
        new("train recipes/ink.yaml --method lokr --method-arg factor=8 --preset full", "another method, on more layers"),
        new("train recipes/ink.yaml --rule \"match=*.attn2.* rank=4\" --rule \"match=*.ff.* method=none\"",
            "attention to the text with rank 4, no feed-forward"),
        new("train out/mine/mine.recipe.yaml --resume", "go on with a stopped run: it left its whole recipe beside the adapter"),
    ];

    TrainingRecipe RecipeOf(ParseResult result)
    {
        var told = result.GetValue(recipe) is { } file ? Recipes.Read(file) : Recipes.Empty(options.TaskOf(result));
        return options.Over(told, result);
    }

    int Run(TrainingRecipe recipe, ParseResult parsed, CancellationToken cancel)
    {
        var report = ProgressBars.Show(new TrainingJob(), new TrainingRequest(recipe), cancel);
        var result = report.Result;
        bool asJson = parsed.GetValue(json);
        if (asJson) json.Show(parsed, report, TrainingView.Write);
        if (result.Stopped)
            throw new StoppedException($"Stopped at step {result.Steps} of {result.TotalSteps}; saved {result.AdapterPath}. " +
                $"Go on with: lowrank train {result.Files.Recipe} --resume");
        if (asJson) return ExitCode.Success;
        if (Console.IsOutputRedirected) Console.WriteLine(result.AdapterPath);
        else TrainingView.Write(report, Terminal.Results);
        return ExitCode.Success;
    }
}
