namespace Lowrank.Language;

/// <summary>What is said in a row of data: a text, or messages.</summary>
public sealed record Said
{
    Said(string? text, IReadOnlyList<ChatMessage>? messages) => (Text, Messages) = (text, messages);

    /// <summary>A text.</summary>
    public static Said Of(string text) => new(text, null);

    /// <summary>Messages.</summary>
    public static Said Of(IReadOnlyList<ChatMessage> messages) => new(null, messages);

    /// <summary>The text; null of messages.</summary>
    public string? Text { get; }

    /// <summary>The messages; null of a text.</summary>
    public IReadOnlyList<ChatMessage>? Messages { get; }

    /// <summary>Whether nothing is said: no text, and no message that has content or calls a tool.</summary>
    public bool IsEmpty => Messages is null ? string.IsNullOrEmpty(Text) : !Messages.Any(SaysSomething);

    static bool SaysSomething(ChatMessage message) => IsSaid(message);

    /// <summary>Whether a message has content, or calls a tool.</summary>
    public static bool IsSaid(ChatMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.ToolCalls.Count > 0) return true;
        object? content = message.Fields.GetValueOrDefault("content");
        return content is string text ? text.Length > 0 : content is not null;
    }

    /// <summary>This, and behind it what is said next; both are texts, or both messages.</summary>
    public Said Then(Said next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return Messages is null ? Of(Text + next.Text) : Of([.. Messages, .. next.Messages!]);
    }
}
