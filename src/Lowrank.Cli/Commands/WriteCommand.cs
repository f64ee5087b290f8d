namespace Lowrank.Cli;

/// <summary>Goes on with texts, or answers messages, with a language model.</summary>
sealed class WriteCommand : HelpfulCommand, IHearsInterrupts
{
    readonly Argument<string[]> prompts = new("prompt")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = $"what is gone on with; several prompts give several texts, {TypedTexts.Told}",
    };

    readonly Option<string> file = new("--prompts-file") { HelpName = "FILE", Description = "a text file with one prompt a line" };
    readonly Option<bool> chat = new("--chat", "-c") { Description = "answer the prompt as a message, by the model's chat template" };
    readonly Option<string> system = new("--system") { HelpName = "TEXT", Description = "what the system says before the message" };

    readonly Option<int> batch = new("--batch", "-b")
    {
        HelpName = "N", Description = "prompts that are written at once", DefaultValueFactory = _ => 8,
    };

    readonly WritingModelOptions model = new();
    readonly WritingChoiceOptions choices = new();
    readonly JsonOption json = new("print prompts, texts, tokens and why each ended as JSON");

    WritingView? view;

    public WriteCommand() : base("write",
        "Goes on with texts, or answers messages, with a language model and any number of adapters. " +
        "On the standard output stands the text alone; all else is said on the other.")
    {
        Add(prompts);
        AddGroup("What", [file, chat, system]);
        AddGroup("With", model.All);
        AddGroup("How tokens are chosen", [.. choices.Choosing]);
        AddGroup("As llama.cpp chooses them", [.. choices.Llama]);
        AddGroup("When the text ends", [.. choices.Ending]);
        AddGroup("Besides", batch, json);
        SetAction((result, cancel) => Task.FromResult(Run(result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("write \"The capital of France is\" -m models/smollm2", "goes on with a text"),
        new("write \"Tell me a story.\" -m models/smollm2 --chat --temperature 0.7 --top-p 0.9", "answers a message, drawing tokens"),
        new("write \"Tell me a story.\" -m models/smollm2 --chat -a my-adapter:0.8", "with an adapter"),
        new("write --prompts-file prompts.txt -m models/smollm2 --json", "a text for each line, for a program"),
        new("write \"A cat as JSON:\" -m models/smollm2 --schema cat.schema.json", "held to a JSON schema"),
    ];

    int Run(ParseResult result, CancellationToken cancel)
    {
        var typed = TypedTexts.Of(result.GetValue(prompts));
        var request = new WritingRequest(model.Of(result), typed)
        {
            PromptsFile = result.GetValue(file),
            Chat = result.GetValue(chat),
            System = result.GetValue(system),
            Choices = choices.Of(result),
            Batch = result.GetValue(batch),
        };
        bool isOne = typed.Count == 1 && request.PromptsFile is null && request.Choices.Beams is null or 1;
        view = new WritingView(streams: isOne && !result.GetValue(json));
        using var reader = OutputReader.Watch(cancel);
        var report = new WritingJob().Run(request, view, reader.Token);
        json.Show(result, report, (shown, _) => view.End(shown));
        if (reader.IsGone) return ExitCode.Success;
        return report.IsStopped || cancel.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Success;
    }

    /// <inheritdoc/>
    public bool Interrupt() => false;

    /// <inheritdoc/>
    public bool IsWithinText => view is { HasText: true };
}
