using System.Text.Json;

namespace Lowrank.Language;

/// <summary>Messages, and the tools and documents that go with them.</summary>
/// <param name="Messages">The messages, in order.</param>
public sealed record Conversation(IReadOnlyList<ChatMessage> Messages)
{
    /// <summary>The tools, as JSON schemas; null for none.</summary>
    public IReadOnlyList<object?>? Tools { get; init; }

    /// <summary>The documents; null for none.</summary>
    public IReadOnlyList<object?>? Documents { get; init; }

    /// <summary>A single message to the assistant.</summary>
    /// <param name="message">The user's message.</param>
    /// <param name="system">What the system says before it; null for nothing.</param>
    public static Conversation Of(string message, string? system = null) =>
        new(system is null ? [new("user", message)] : [new("system", system), new("user", message)]);

    /// <summary>Reads a list of messages, or an object with messages and perhaps tools and documents, as rows have them.</summary>
    /// <exception cref="LowrankException">It is neither.</exception>
    public static Conversation Read(JsonElement row)
    {
        if (row.ValueKind == JsonValueKind.Array) return new([.. row.EnumerateArray().Select(ChatMessage.Read)]);
        if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty("messages", out var messages))
            throw new LowrankException("a conversation is a list of messages, or an object with a field messages.");
        return Read(messages) with { Tools = Items(row, "tools"), Documents = Items(row, "documents") };
    }

    static IReadOnlyList<object?>? Items(JsonElement row, string name)
    {
        if (!row.TryGetProperty(name, out var items) || items.ValueKind == JsonValueKind.Null) return null;
        return PythonJson.Of(items) as IReadOnlyList<object?>
            ?? throw new LowrankException($"the field {name} of a conversation is a list, and here it is {items.ValueKind}.");
    }

    /// <summary>The first messages alone.</summary>
    public Conversation First(int count) => this with { Messages = [.. Messages.Take(count)] };

    /// <summary>The same with the arguments of all calls as objects (<see cref="ChatMessage.WithParsedArguments"/>).</summary>
    /// <param name="changed">How many arguments were texts.</param>
    public Conversation WithParsedArguments(out int changed)
    {
        int all = 0;
        var messages = new List<ChatMessage>();
        foreach (var message in Messages)
        {
            messages.Add(message.WithParsedArguments(out int count));
            all += count;
        }
        changed = all;
        return all == 0 ? this : this with { Messages = messages };
    }
}
