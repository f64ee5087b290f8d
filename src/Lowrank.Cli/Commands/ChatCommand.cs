namespace Lowrank.Cli;

/// <summary>A conversation with a language model.</summary>
sealed class ChatCommand : HelpfulCommand, IHearsInterrupts
{
    readonly Option<string> system = new("--system")
    {
        HelpName = "TEXT", Description = "what the system says first (default: what the model's template says by itself)",
    };

    readonly WritingModelOptions model = new();
    readonly WritingChoiceOptions choices = new();
    readonly MessageReader messages = new(isWatched: !Console.IsInputRedirected);
    readonly Lock turn = new();
    CancellationTokenSource? answer;   // stops the one that is being written

    public ChatCommand() : base("chat",
        "A conversation with a language model. A line that ends with \\ goes on in the next; /adapter FILE puts an adapter on the model, " +
        "/strength changes it, /reset begins anew, /help shows all. Ctrl-C stops an answer, which stays as far as it is written; where " +
        "none is written, it ends the conversation (code 130). On the standard output stand the answers alone.")
    {
        Add(system);
        AddGroup("With", model.All);
        AddGroup("How tokens are chosen", [.. choices.Choosing]);
        AddGroup("As llama.cpp chooses them", [.. choices.Llama]);
        AddGroup("When an answer ends", [.. choices.Ending]);
        SetAction((result, cancel) => Task.FromResult(Run(result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("chat -m models/smollm2", "the likeliest answers, or as the model's generation config has it"),
        new("chat -m models/smollm2 --temperature 0.7 --system \"Answer in one sentence.\"", "drawing tokens"),
        new("chat -m models/smollm2 -a my-adapter:0.8", "with an adapter, which /strength changes"),
    ];

    int Run(ParseResult result, CancellationToken cancel)
    {
        var request = new ChattingRequest(model.Of(result)) { System = result.GetValue(system), Choices = choices.Of(result) };
        var view = new WritingView(streams: true);
        using var session = ChatSession.Open(request, view);
        using var reader = OutputReader.Watch(cancel);
        if (!Console.IsInputRedirected) Console.Error.WriteLine("/help shows what can be said besides messages.");
        while (Read(cancel) is { } message)
        {
            if (message.Trim().Length == 0) continue;
            if (!Take(session, message, view, reader.Token)) break;
            if (reader.IsGone) return ExitCode.Success;
            if (cancel.IsCancellationRequested) return ExitCode.Interrupted;
        }
        // Whoever typed has seen it; a script sees the code.
        return hasFailed && Console.IsInputRedirected ? ExitCode.Failure : ExitCode.Success;
    }

    bool hasFailed;

    // The next message; of one that is no text it is told, and the conversation goes on.
    string? Read(CancellationToken cancel)
    {
        try
        {
            return messages.Read(cancel);
        }
        catch (LowrankException fault)
        {
            hasFailed = true;
            Console.Error.WriteLine(Terminal.Shown(fault.Message));
            return "";
        }
    }

    // Whether the conversation goes on. A fault of one turn does not end it.
    bool Take(ChatSession session, string message, WritingView view, CancellationToken cancel)
    {
        try
        {
            if (ChatWords.IsOne(message))
            {
                if (ChatWords.Do(session, message.Trim()) is not { } told) return false;
                foreach (string line in told) Console.Error.WriteLine(Terminal.Shown(line));
                return true;
            }
            Answer(session, message, cancel);
        }
        catch (LowrankException fault)
        {
            hasFailed = true;
            Console.Error.WriteLine(Terminal.Shown(FieldNames.AsOptions(fault.Message)));
        }
        view.EndLine();
        return true;
    }

    void Answer(ChatSession session, string message, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        lock (turn) answer = stop;
        try
        {
            session.Answer(message, stop.Token);
        }
        finally
        {
            lock (turn) answer = null;
        }
    }

    /// <inheritdoc/>
    public bool Interrupt()
    {
        lock (turn)
        {
            if (answer is null) return messages.Drop();
            if (answer.IsCancellationRequested) return false;   // it does not end: once more stops all
            answer.Cancel();
            return true;
        }
    }
}
