namespace Lowrank.Training;

/// <summary>What is said, as ids.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="template">The chat template; null where the model has none, which refuses messages.</param>
/// <param name="tokens">The tokens with a part to play.</param>
sealed class RowEncoder(TextTokenizer tokenizer, ChatTemplate? template, RowTokens tokens)
{
    readonly string endText = tokenizer.Token(tokens.End) ?? "";

    /// <summary>The tokens with a part to play.</summary>
    public RowTokens Tokens => tokens;

    /// <summary>Whether the begin token stands before texts though the tokenizer puts none; it is not doubled.</summary>
    public bool PutsBegin { get; init; }

    /// <summary>The tokenizer.</summary>
    public TextTokenizer Tokenizer => tokenizer;

    /// <summary>The template.</summary>
    /// <exception cref="LowrankException">There is none.</exception>
    public ChatTemplate Template => template ?? throw new LowrankException(
        "the data are conversations, and the model has no chat template to write them by. Give one, or data of texts.");

    /// <summary>Texts that brought their own begin token.</summary>
    public int OwnBegins { get; private set; }

    /// <summary>Texts that end with another control token, behind which none of ours was put.</summary>
    public int OwnEnds { get; private set; }

    /// <summary>Places of rows whose messages hold the text of control tokens, which stay text.</summary>
    public IReadOnlyCollection<string> SpelledControls => spelledControls;

    readonly SortedSet<string> spelledControls = new(StringComparer.Ordinal);

    /// <summary>A text with its end token, which is not doubled.</summary>
    public string Ended(string text)
    {
        if (text.EndsWith(endText, StringComparison.Ordinal)) return text;
        string bare = text.TrimEnd();
        bool hasOwnEnd = tokenizer.Added.Any(token => token.IsSpecial && EndsWith(bare, token.Content));
        if (!hasOwnEnd) return text + endText;
        OwnEnds++;
        return text;
    }

    static bool EndsWith(string text, string token) => token.Length > 0 && text.EndsWith(token, StringComparison.Ordinal);

    /// <summary>A text's ids; a begin token that it brings itself stands once.</summary>
    public IReadOnlyList<int> Text(string text)
    {
        var encoded = tokenizer.EncodeRendered(text, out bool hadBegin);
        if (hadBegin) OwnBegins++;
        if (!PutsBegin) return encoded.Ids;
        int begin = Tokens.Begin ?? throw new LowrankException("begin_token is on, and the tokenizer names no token that begins a text");
        return encoded.Ids is [var first, ..] && first == begin ? encoded.Ids : [begin, .. encoded.Ids];
    }

    /// <summary>A text's ids without any begin or end token.</summary>
    public IReadOnlyList<int> BareText(string text) => tokenizer.Encode(text, addSpecials: false).Ids;

    /// <summary>What is said by an example, rendered where it is messages.</summary>
    /// <param name="said">What.</param>
    /// <param name="example">Its example, for tools and variables.</param>
    /// <param name="asks">Whether an answer is to follow.</param>
    public IReadOnlyList<int> Ids(Said said, Example example, bool asks) =>
        said.Messages is { } messages ? Rendered(messages, example, asks).Encode(tokenizer).Ids : Text(said.Text!);

    /// <summary>Messages as the template writes them.</summary>
    public RenderedText Rendered(IReadOnlyList<ChatMessage> messages, Example example, bool asks) =>
        Written(example, () => Template.Render(Conversation(messages, example), Options(example) with { AddGenerationPrompt = asks }));

    /// <summary>Messages as rows to learn the assistant's words of.</summary>
    public IReadOnlyList<ChatRow> Answers(IReadOnlyList<ChatMessage> messages, Example example) =>
        Written(example, () => Template.TrainingRows(Conversation(messages, example), Options(example)));

    static ChatOptions Options(Example example) => new() { Variables = example.Variables };

    Conversation Conversation(IReadOnlyList<ChatMessage> messages, Example example)
    {
        if (messages.Any(message => message.Content is { } content && Spells(content))) spelledControls.Add(example.Place);
        return new Conversation(messages) { Tools = example.Tools }.WithParsedArguments(out _);
    }

    bool Spells(string content) => tokenizer.Added.Any(token => token.IsSpecial && Contains(content, token.Content));

    static bool Contains(string text, string token) => token.Length > 0 && text.Contains(token, StringComparison.Ordinal);

    // The template's own words, and the row that they are about.
    static T Written<T>(Example example, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (TemplateException error)
        {
            throw new RefusedRowException($"{example.Place}: the chat template refuses it: {error.Message}", error);
        }
        catch (LowrankException error) when (!error.Message.StartsWith(example.Place, StringComparison.Ordinal))
        {
            throw new LowrankException($"{example.Place}: {error.Message}", error);
        }
    }
}
