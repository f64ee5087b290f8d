using System.Runtime.CompilerServices;
using System.Text;

namespace Lowrank.Language;

/// <summary>A conversation that goes on: what was said stays, and so does what the model has read of it, so that of each turn only the new
/// tokens are read.</summary>
/// <remarks>
/// Each turn is rendered whole, as without a cache: where a template changes what went before, as one does that drops thoughts, it is read
/// anew from there. One turn at a time.
/// </remarks>
/// <example><code>
/// using var conversation = new OngoingConversation(model, system: "Be brief.");
/// Console.WriteLine(conversation.Answer("Who are you?"));
/// await foreach (string piece in conversation.Stream("And who am I?")) Console.Write(piece);
/// </code></example>
public sealed class OngoingConversation : IDisposable
{
    readonly LanguageModel model;
    readonly string? system;
    readonly PromptCache cache;
    readonly List<ChatMessage> messages = [];

    /// <summary>A conversation before its first turn.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="system">What the system says first; null for what the template says by itself.</param>
    /// <param name="options">How answers are written; null for the model's own way. A search by beams reads everything each time.</param>
    /// <exception cref="LowrankException">The model has no chat template.</exception>
    public OngoingConversation(LanguageModel model, string? system = null, GenerationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Template is null)
            throw new LowrankException($"{model.Location} has no chat template: it goes on with texts, and answers no conversation.");
        (this.model, this.system, Options) = (model, system, options ?? model.Defaults);
        cache = new(model);
        Reset();
    }

    /// <summary>How answers are written.</summary>
    public GenerationOptions Options { get; set; }

    /// <summary>How the conversation is rendered; that the assistant is to go on is set here.</summary>
    public ChatOptions Rendering { get; init; } = new();

    /// <summary>What was said so far, what the system says first.</summary>
    public IReadOnlyList<ChatMessage> Messages => [.. messages];

    /// <summary>Forgets what was said.</summary>
    public void Reset()
    {
        messages.Clear();
        if (system is not null) messages.Add(new("system", system));
    }

    /// <summary>Answers a message. An answer that is stopped stays as far as it was written; a message to which nothing was written is
    /// forgotten.</summary>
    /// <param name="message">The message.</param>
    /// <param name="listener">Told of every piece, at once and on the thread that writes.</param>
    /// <param name="cancel">Ends the answer where it stands.</param>
    /// <exception cref="LowrankException">The conversation fills what the model takes, or the template does not take it.</exception>
    public GeneratedText Answer(string message, IProgress<GeneratedPiece>? listener = null, CancellationToken cancel = default)
    {
        var request = Asked(message);
        var answer = model.GenerateAll([request], listener: listener, cancel: cancel)[0];
        string said = request.Options.KeepsControl ? WithoutControl(request, answer.Ids, isWhole: true) : answer.Text;
        Keep(message, said, answer.Finish == FinishReason.Stopped);
        return answer;
    }

    /// <summary>The same, piece by piece. Of an answer that is stopped stays what was given.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancel">Ends the answer with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="LowrankException">As above.</exception>
    public async IAsyncEnumerable<string> Stream(string message, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var request = Asked(message);
        var (given, ids) = (new StringBuilder(), new List<int>());
        bool isWhole = false;
        try
        {
            await foreach (var piece in GenerationStream.Run(model, request, cancel).ConfigureAwait(false))
            {
                isWhole = piece.End is { Finish: not FinishReason.Stopped };
                given.Append(piece.Text);
                if (piece.Token is { } id) ids.Add(id);
                else if (piece.End is { } end) ids = [.. end.Ids];   // of a search by beams, which tells no single token
                if (piece.Text.Length > 0) yield return piece.Text;
            }
        }
        finally
        {
            string said = request.Options.KeepsControl ? WithoutControl(request, ids, isWhole) : given.ToString();
            Keep(message, said, !isWhole);
        }
    }

    GenerationRequest Asked(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var whole = new Conversation([.. messages, new("user", message)]);
        var prompt = model.Prompt(whole, Rendering with { AddGenerationPrompt = true, ContinueFinalMessage = false });
        int context = model.RoomFor(Options);
        if (prompt.Count >= context)
            throw new LowrankException($"the conversation has {prompt.Count} tokens, and the model takes {context}. " +
                "Reset it, or say less.");
        return new(prompt, Options) { Cache = Options.Beams is null ? cache : null };
    }

    // Control tokens that are shown are none of what was said: the template would write them as a text.
    string WithoutControl(GenerationRequest request, IEnumerable<int> ids, bool isWhole)
    {
        var ends = model.WithEnds(request.Options).EndTokens;
        var text = new RowText(model.Tokenizer, request.Prompt, request.Options with { KeepsControl = false });
        foreach (int id in ids.Where(id => !ends.Contains(id))) text.Add(id);
        if (isWhole) text.Finish();
        return text.Shown;
    }

    void Keep(string message, string answer, bool isStopped)
    {
        if (isStopped && answer.Length == 0) return;
        messages.Add(new("user", message));
        messages.Add(new("assistant", answer));
    }

    /// <summary>Frees what was read.</summary>
    public void Dispose() => cache.Dispose();
}
