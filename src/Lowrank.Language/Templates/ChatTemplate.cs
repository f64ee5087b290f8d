using System.Collections.Concurrent;

namespace Lowrank.Language;

/// <summary>A model's chat template: conversations become the text that the model was made for.</summary>
/// <remarks>Renders as transformers 5.24 <c>apply_chat_template</c> does.</remarks>
public sealed class ChatTemplate
{
    const string ContinueTag = "CONTINUE_FINAL_MESSAGE_TAG ";

    readonly IReadOnlyDictionary<string, string> variants;
    readonly ConcurrentDictionary<string, JinjaTemplate> read = new();
    readonly string name;

    /// <summary>One template.</summary>
    /// <param name="source">The template.</param>
    /// <param name="specialTokens">Texts of the special tokens by name: bos_token, eos_token, ...; a model need not have all.</param>
    /// <param name="name">How errors call it.</param>
    /// <exception cref="TemplateException">It is not well formed.</exception>
    public ChatTemplate(string source, IReadOnlyDictionary<string, string>? specialTokens = null, string name = "the chat template")
        : this(new Dictionary<string, string> { [Default] = source }, specialTokens, name) => Choose(null, false);

    /// <summary>Several templates by name: default, tool_use, ...</summary>
    public ChatTemplate(
        IReadOnlyDictionary<string, string> variants, IReadOnlyDictionary<string, string>? specialTokens = null,
        string name = "the chat template")
    {
        (this.variants, this.name) = (variants, name);
        SpecialTokens = specialTokens ?? new Dictionary<string, string>();
    }

    /// <summary>Name of the template that is taken where nothing else is asked for, and of the one where there are tools.</summary>
    public const string Default = "default", ToolUse = "tool_use";

    /// <summary>Names of the templates.</summary>
    public IEnumerable<string> Variants => variants.Keys;

    /// <summary>Texts of the special tokens by name.</summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; }

    /// <summary>The template that is taken.</summary>
    /// <param name="variant">Its name; null for the one that suits.</param>
    /// <param name="hasTools">Whether there are tools.</param>
    /// <exception cref="LowrankException">There is none of that name, or no default.</exception>
    public JinjaTemplate Choose(string? variant, bool hasTools)
    {
        string wanted = variant ?? (hasTools && variants.ContainsKey(ToolUse) ? ToolUse : Default);
        if (!variants.TryGetValue(wanted, out string? source)) throw new LowrankException(
            $"{name} has no variant {wanted}; it has {string.Join(", ", variants.Keys.Order(StringComparer.Ordinal))}. Name one of these.");
        return read.GetOrAdd(wanted, _ => JinjaTemplate.Read(source, variants.Count == 1 ? name : $"{name} ({wanted})"));
    }

    /// <summary>Renders a conversation.</summary>
    /// <exception cref="TemplateException">The template raises an error or does not end, or drops the last message.</exception>
    public RenderedText Render(Conversation conversation, ChatOptions? options = null)
    {
        options ??= new();
        bool isBoth = options.AddGenerationPrompt && options.ContinueFinalMessage;
        if (isBoth) throw new LowrankException("AddGenerationPrompt ends the text behind the last message, for a new one, and " +
            "ContinueFinalMessage within it. Set one of them.");
        return options.ContinueFinalMessage ? Continued(conversation, options) : Plain(conversation, options);
    }

    RenderedText Plain(Conversation conversation, ChatOptions options)
    {
        var template = Choose(options.Variant, conversation.Tools is not null);
        var unused = options.Variables.Keys.Where(key => !template.Variables.Contains(key)).ToList();
        return new(template.Rendered(Variables(conversation, options), options.Now), unused);
    }

    IEnumerable<(string, object)> Variables(Conversation conversation, ChatOptions options)
    {
        var variables = new OrderedDictionary<string, object>
        {
            ["messages"] = conversation.Messages.Select((message, number) => (object)message.ToValue(number)).ToList(),
            ["tools"] = TemplateValues.Of(conversation.Tools, new(TextSource.Tools)),
            ["documents"] = TemplateValues.Of(conversation.Documents, new(TextSource.Documents)),
            ["add_generation_prompt"] = options.AddGenerationPrompt,
        };
        foreach (string given in options.Variables.Keys)
            if (variables.ContainsKey(given)) throw new LowrankException(
                $"{given} is given as a variable of the template, and it is what the conversation or an option sets. Set it there.");
        foreach (var (token, text) in SpecialTokens) variables[token] = TemplateValues.Of(text);
        foreach (var (given, value) in options.Variables) variables[given] = TemplateValues.Of(value);
        return variables.Select(pair => (pair.Key, pair.Value));
    }

    // A tag at the end of the last message tells where it ends in the text; blanks before it go only if the template took the tag's own.
    RenderedText Continued(Conversation conversation, ChatOptions options)
    {
        var (tagged, final) = Tagged(conversation);
        var text = Plain(tagged, options);
        string tag = ContinueTag.TrimEnd();
        bool hasTag = text.Text.Contains(tag, StringComparison.Ordinal);
        bool hasFinal = text.Text.Contains(TextSearch.Stripped(final, null).Value, StringComparison.Ordinal);
        if (!hasFinal) throw Uncontinued(
            "continue_final_message is set but the final message does not appear in the chat after applying the chat template! This can " +
            "happen if the chat template deletes portions of the final message. Please verify the chat template and final message in " +
            "your chat to ensure they are compatible.", options, conversation);
        if (!hasTag) throw Uncontinued("the end of the last message is not found in the text", options, conversation);
        int end = text.Text.LastIndexOf(tag, StringComparison.Ordinal);
        bool keepsBlank = text.Text.AsSpan(end).StartsWith(ContinueTag);
        while (!keepsBlank && end > 0 && TextSearch.IsBlank(text.Text[end - 1])) end--;
        return text.Cut(0, end);
    }

    TemplateException Uncontinued(string reason, ChatOptions options, Conversation conversation) =>
        new(new(TemplateFault.Value, reason), Choose(options.Variant, conversation.Tools is not null).Name);

    static (Conversation Tagged, string Final) Tagged(Conversation conversation)
    {
        if (conversation.Messages.Count == 0) throw new LowrankException("there is no message that could be gone on with.");
        var last = conversation.Messages[^1];
        if (last.Content is { } content) return (Replaced(content + ContinueTag), content);
        if (last.Fields.GetValueOrDefault("content") is IReadOnlyList<object?> parts)
            for (int i = parts.Count - 1; i >= 0; i--)
                if (parts[i] is OrderedDictionary<string, object?> part && part.GetValueOrDefault("text") is string text)
                {
                    var tagged = new OrderedDictionary<string, object?>(part) { ["text"] = text + ContinueTag };
                    return (Replaced(parts.Select((one, at) => at == i ? tagged : one).ToList()), text);
                }
        throw new LowrankException("the last message has no text that could be gone on with.");

        Conversation Replaced(object made) =>
            conversation with { Messages = [.. conversation.Messages.SkipLast(1), last.With("content", made)] };
    }

    /// <summary>Renders a conversation turn by turn: what each answer is asked with, what it becomes, whether that stays.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="options">How it is rendered; whether a prompt for an answer is added is set here.</param>
    public ChatTurns RenderTurns(Conversation conversation, ChatOptions? options = null)
    {
        var shown = (options ?? new()) with { AddGenerationPrompt = false, ContinueFinalMessage = false };
        var asked = shown with { AddGenerationPrompt = true };
        var whole = Render(conversation, shown);
        var turns = new List<ChatTurn>();
        for (int i = 0; i < conversation.Messages.Count; i++)
        {
            if (conversation.Messages[i].Role != "assistant") continue;
            bool isLast = i + 1 == conversation.Messages.Count;
            var before = Render(conversation.First(i), asked);
            var after = isLast ? whole : Render(conversation.First(i + 1), shown);
            turns.Add(new(i, before, after, DiffersAt(before.Text, after.Text), DiffersAt(after.Text, whole.Text)));
        }
        return new(whole, turns);
    }

    // Where a text stops beginning with another; null if it begins with all of it.
    static int? DiffersAt(string front, string text)
    {
        int same = PythonPoints.Common(front, text);
        return same == front.Length ? null : same;
    }

    /// <summary>
    /// The texts to train on with the stretches that are learned. A template with {% generation %} says itself what these are. Of any
    /// other it is found turn by turn: one row where all answers stay as they were asked for, else one row for each answer, as it was
    /// when it was the last.
    /// </summary>
    /// <exception cref="LowrankException">
    /// An answer has no exact stretch: what the model is asked to go on with is not what the answer is shown behind.
    /// </exception>
    public IReadOnlyList<ChatRow> TrainingRows(Conversation conversation, ChatOptions? options = null)
    {
        options ??= new();
        var template = Choose(options.Variant, conversation.Tools is not null);
        if (template.MarksGeneration)
        {
            var marked = Render(conversation, options with { AddGenerationPrompt = false });
            return [new(marked, marked.Generated)];
        }
        var turns = RenderTurns(conversation, options);
        foreach (var turn in turns.Turns)
            if (!turn.PromptIsPrefix) throw NoExactMask(turn, template);
        if (turns.WholeCanBeMasked) return [new(turns.Whole, [.. turns.Turns.Select(turn => turn.Answer!.Value)])];
        return [.. turns.Turns.Select(turn => new ChatRow(turn.Text, [turn.Answer!.Value], turn.Message))];
    }

    static LowrankException NoExactMask(ChatTurn turn, JinjaTemplate template)
    {
        int at = turn.PromptDiffersAt!.Value;
        return new($"the answer in message {turn.Message + 1} cannot be masked exactly: the template asks for it with " +
            $"{Excerpt(turn.Prompt.Text, at)} and shows it behind {Excerpt(turn.Text.Text, at)}, from character " +
            $"{turn.Prompt.ToCodePoints(at)} on. At {template.Name}. Use a template with {{% generation %}} around what the assistant " +
            "writes, or set the template's variables (as enable_thinking) so that both are the same.");
    }

    static string Excerpt(string text, int at)
    {
        string part = text[at..Math.Min(text.Length, at + 24)];
        return part.Length == 0 ? "nothing" : PythonRepr.Of(part);
    }
}
