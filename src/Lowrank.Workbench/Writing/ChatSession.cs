using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>A conversation with a language model, whose adapters and their strengths may change between its turns.</summary>
public sealed class ChatSession : IDisposable
{
    readonly WritingModel loaded;
    readonly JobRun run;
    readonly bool allowUnmatched;
    readonly OngoingConversation conversation;

    ChatSession(ChattingRequest request, JobRun run)
    {
        (this.run, allowUnmatched) = (run, request.Model.AllowUnmatched);
        loaded = WritingModel.Load(request.Model, run);
        try
        {
            conversation = new(loaded.Model, request.System);
            conversation.Options = WritingJob.Options(request.Choices, loaded.Model, run);
            foreach (string note in loaded.TemplateNotes) run.Say(note);
            foreach (string note in TemplateNotes.Idle(loaded.Model.Template)) run.Say(note);
            if (conversation.Options.Seed is { } seed && request.Choices.Seed is null) run.Say($"The seed is {seed}.");
        }
        catch
        {
            conversation?.Dispose();
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>Loads the model and begins.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="listener">Told of everything, the pieces of answers among it.</param>
    /// <exception cref="RequestException">The request is faulty; all faults are told.</exception>
    /// <exception cref="LowrankException">The model or an adapter cannot be used, or the model has no chat template.</exception>
    public static ChatSession Open(ChattingRequest request, IProgress<JobEvent>? listener = null)
    {
        string[] faults = [.. request.Faults()];
        if (faults.Length > 0) throw new RequestException(faults);
        return new((ChattingRequest)request.Placed(HubPlaces.Find), new JobRun(listener, CancellationToken.None));
    }

    /// <summary>What was said so far, what the system says first.</summary>
    public IReadOnlyList<ChatMessage> Messages => conversation.Messages;

    /// <summary>Forgets what was said.</summary>
    public void Reset() => conversation.Reset();

    /// <summary>Answers a message, and tells where the answer did not end by itself; where nothing was answered, the message is
    /// forgotten.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancel">Ends the answer where it stands.</param>
    /// <exception cref="LowrankException">The conversation fills what the model takes.</exception>
    public GeneratedText Answer(string message, CancellationToken cancel = default)
    {
        var listener = new Reported<GeneratedPiece>(piece => run.Tell(new WrittenPiece(0, piece.Text)));
        TellAbsent(message);
        var answer = conversation.Answer(message, listener, cancel);
        if (EndOf(answer) is { } end) run.Say(end);
        return answer;
    }

    // Of the first message that an adapter is given: the template writes its tokens at every turn, or at none.
    void TellAbsent(string message)
    {
        var prompt = loaded.Model.Prompt(new Conversation([.. conversation.Messages, new("user", message)]));
        string[] notes = [.. Invocations.Absent(loaded.Model, [prompt]), .. TemplateNotes.Begins(prompt, loaded.Model.Tokenizer)];
        foreach (string note in notes)
            if (told.Add(note)) run.Say(note);
    }

    readonly HashSet<string> told = [];

    string? EndOf(GeneratedText answer) => answer.Finish switch
    {
        FinishReason.MaxTokens => $"The answer ended after {answer.Ids.Count} tokens (`max tokens`).",
        FinishReason.ContextFull =>
            $"The conversation fills the model's {loaded.Model.ContextLength} tokens, and the answer ended there. Begin anew: /reset.",
        FinishReason.MaxTime => "The answer ended as the time was over (`max time`).",
        FinishReason.Stopped when answer.Text.Length == 0 => "Nothing was answered, and the message is forgotten.",
        FinishReason.Stopped => "The answer was stopped, and stays as far as it was written.",
        _ => null,
    };

    /// <summary>What adapters there are, a sentence each.</summary>
    public IReadOnlyList<string> Adapters => [.. loaded.Model.Adapters.Status().Select(status => status.ToString())];

    /// <summary>Puts an adapter on the model, or switches one that is there on or off.</summary>
    /// <param name="text">FILE[:STRENGTH], or a name.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="LowrankException">It is missing, or does not fit.</exception>
    public string TakeAdapter(string text)
    {
        var adapters = loaded.Model.Adapters;
        if (adapters.Contains(text))
        {
            var known = adapters[text];
            known.Active = !known.Active;
            return $"{text} is switched {(known.Active ? "on" : "off")}.";
        }
        var (choice, fault) = AdapterArgument.Parse(text);
        if (choice is null) throw new LowrankException(fault!);
        string path = HubPlaces.Find(choice.Path);
        string name = loaded.Add(choice with { Path = path }, allowUnmatched, run);
        adapters[name].Active = true;
        TellTokenizer(path);
        return $"{name} is on the model.";
    }

    // What was said was read by the model's tokens, and would have to be read anew by others.
    void TellTokenizer(string path)
    {
        string? what = Tokenizers.AreIn(path) ? "tokenizer" : Tokenizers.TemplatesIn(path).Count > 0 ? "chat template" : null;
        if (what is not null)
            run.Say($"The {what} of {path} is not used: a conversation keeps the one that it began with. `adapter` at its beginning " +
                "uses it.");
    }

    /// <summary>Gives an adapter another strength.</summary>
    /// <param name="text">NAME STRENGTH; the name may be left out where there is one adapter.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="LowrankException">There is no such adapter, or no number.</exception>
    public string SetStrength(string text)
    {
        var names = loaded.Model.Adapters.Names;
        if (names.Count == 0) throw new LowrankException("there is no adapter whose strength could be changed: /adapter FILE puts one on.");
        int space = text.TrimEnd().LastIndexOf(' ');
        string name = space > 0 ? text[..space].Trim() : names is [var only] ? only : "";
        if (AdapterArgument.Number(text[(space + 1)..].Trim()) is not { } strength)
            throw new LowrankException($"/strength takes a number, with the adapter's name before it: /strength {names[0]} 0.5. " +
                (text.Length == 0 ? "There is none." : $"\"{text}\" ends in none."));
        if (name.Length == 0)
            throw new LowrankException($"there are {names.Count} adapters: /strength NAME {PlainValue.Text(strength)}. They are: " +
                $"{string.Join(", ", names)}.");
        loaded.Model.Adapters[name].Strength = strength;
        return $"{name} has strength {PlainValue.Text(strength)}.";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        conversation.Dispose();
        loaded.Dispose();
    }
}
