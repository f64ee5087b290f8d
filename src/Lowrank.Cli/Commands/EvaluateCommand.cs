using Lowrank.Language;

namespace Lowrank.Cli;

/// <summary>Measures a language model, with and without adapters.</summary>
sealed class EvaluateCommand : HelpfulCommand
{
    static readonly EvaluationOptions usual = new();

    readonly Argument<string> data = new("data")
    {
        HelpName = "FILE",
        Description = "the rows: JSON lines or an array, GLUE's columns between tabs, E2E's facts||text, or lines of text; " +
            "what they hold tells the task",
    };

    readonly Option<string> task = new("--task")
    {
        HelpName = "NAME",
        Description = $"what is measured, where the file does not tell: {string.Join(", ", EvaluationTasks.All.Select(one => one.Name))}",
    };

    readonly Option<int?> limit = new("--limit", "-n") { HelpName = "N", Description = "measure the first N rows alone" };
    readonly Option<bool> whole = new("--whole") { Description = "take the file as one text, not a text a line" };

    readonly Option<int> batch = new("--batch", "-b")
    {
        HelpName = "N",
        Description = "rows that are read or written at once; figures stay the same",
        DefaultValueFactory = _ => usual.Batch,
    };

    readonly Option<int?> tokens = new("--max-new-tokens", "--max-tokens")
    {
        HelpName = "N",
        Description = "tokens of a written answer at most (default: 64)",
    };

    readonly Option<bool> writes = new("--write")
    {
        Description = "of answers: have the model write its own too, and compare (exact match, ROUGE-L, BLEU)",
    };

    readonly Option<string> prompt = new("--prompt")
    {
        HelpName = "TEXT", Description = "what is asked of facts, with {input} where they go (default: the task's own)",
    };

    readonly Option<string> system = new("--system") { HelpName = "TEXT", Description = "what the system says before" };

    readonly Option<bool> plain = new("--plain")
    {
        Description = "go on with prompts as plain texts, though the model has a chat template",
    };

    readonly Option<int?> window = new("--window")
    {
        HelpName = "N", Description = "tokens of a window in which long texts are read (default: the model's context, 2048 at most)",
    };

    readonly Option<int?> stride = new("--stride")
    {
        HelpName = "N", Description = "how far windows are apart (default: half a window); every token counts once",
    };

    readonly Option<string> begin = new("--begin")
    {
        HelpName = "TOKEN", Description = "a token in front of texts, by its text or number (default: what the tokenizer puts there)",
    };

    readonly Option<string> output = new("--out", "--output", "-o")
    {
        HelpName = "FILE", Description = "write what was made of each row as lines of JSON",
    };

    readonly Option<bool> overwrite = new("--overwrite") { Description = "replace that file if it exists" };
    readonly WritingModelOptions model = new();
    readonly JsonOption json = new("print all figures as JSON");

    public EvaluateCommand() : base("evaluate",
        "Measures a language model on a file of rows: the base, and each adapter by itself, in one table. Perplexity of texts, pairs of " +
        "which one is right (BLiMP, preferences), texts about facts (E2E, WebNLG, DART), answers, and labels (GLUE).")
    {
        Add(data);
        AddGroup("With", model.All);
        AddGroup("What", task, limit, whole);
        AddGroup("Prompts and answers", prompt, system, plain, writes, tokens);
        AddGroup("Texts", window, stride, begin);
        AddGroup("How", batch, output, overwrite, json);
        task.AcceptNames(EvaluationTasks.All.Select(one => one.Name), EvaluationTasks.Named);
        SetAction((result, cancel) => Task.FromResult(Run(result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("evaluate book.txt -m models/smollm2 --whole", "perplexity of a text"),
        new("evaluate blimp.jsonl -m models/smollm2 -a tuned -a tuned:0.5", "how often the right sentence is the likelier one"),
        new("evaluate e2e-test.jsonl -m models/smollm2 -a e2e --limit 40 --out answers.jsonl", "BLEU, NIST, ... of what is written"),
        new("evaluate cola-dev.tsv -m models/roberta-cola --json", "Matthews' correlation of a classifier"),
    ];

    int Run(ParseResult result, CancellationToken cancel)
    {
        var report = ProgressBars.Show(new EvaluatingJob(), RequestOf(result), cancel);
        json.Show(result, report, EvaluationView.Write);
        return report.IsStopped ? ExitCode.Interrupted : ExitCode.Success;
    }

    EvaluatingRequest RequestOf(ParseResult result) => new(model.Of(result), result.GetRequiredValue(data))
    {
        Task = result.GetValue(task),
        Whole = result.GetValue(whole),
        Limit = result.GetValue(limit),
        Options = OptionsOf(result),
        Out = result.GetValue(output),
        Overwrite = result.GetValue(overwrite),
    };

    EvaluationOptions OptionsOf(ParseResult result) => new()
    {
        Batch = result.GetValue(batch),
        MaxNewTokens = result.GetValue(tokens),
        Prompt = result.GetValue(prompt),
        System = result.GetValue(system),
        Plain = result.GetValue(plain),
        Writes = result.GetValue(writes),
        Window = result.GetValue(window),
        Stride = result.GetValue(stride),
        Begin = result.GetValue(begin),
    };
}
