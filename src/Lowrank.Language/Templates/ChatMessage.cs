using System.Text.Json;

namespace Lowrank.Language;

/// <summary>A message of a conversation, with every field that its row has.</summary>
public sealed class ChatMessage
{
    /// <summary>The three names under which a thought may stand; they are copies of one another for templates.</summary>
    public static IReadOnlyList<string> ReasoningNames { get; } = ["reasoning_content", "thinking", "reasoning"];

    readonly OrderedDictionary<string, object?> fields;

    ChatMessage(OrderedDictionary<string, object?> fields) => this.fields = fields;

    /// <summary>A message of a role and a text.</summary>
    public ChatMessage(string role, string content) : this(new() { ["role"] = role, ["content"] = content }) { }

    /// <summary>A message as its row has it.</summary>
    /// <exception cref="LowrankException">It is no object.</exception>
    public static ChatMessage Read(JsonElement row) => PythonJson.Of(row) is OrderedDictionary<string, object?> fields
        ? new(fields)
        : throw new LowrankException($"a message is an object with a role and a content, and this is {row.ValueKind}: {Excerpt(row)}.");

    static string Excerpt(JsonElement row) => row.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : row.GetRawText();

    /// <summary>All fields by name: null, bool, BigInteger, double, string, lists and dictionaries of these.</summary>
    public IReadOnlyDictionary<string, object?> Fields => fields;

    /// <summary>Who speaks; null where it is not told.</summary>
    public string? Role => fields.GetValueOrDefault("role") as string;

    /// <summary>What is said; null where it is missing, null or a list of parts.</summary>
    public string? Content => fields.GetValueOrDefault("content") as string;

    /// <summary>The thought, under whichever name it stands; null for none.</summary>
    public string? Reasoning =>
        ReasoningNames.Select(name => fields.GetValueOrDefault(name)).FirstOrDefault(one => one is not null) as string;

    /// <summary>The calls of tools; empty for none.</summary>
    public IReadOnlyList<object?> ToolCalls => fields.GetValueOrDefault("tool_calls") as IReadOnlyList<object?> ?? [];

    /// <summary>The same with a field set.</summary>
    public ChatMessage With(string field, object? value)
    {
        var copy = new OrderedDictionary<string, object?>();
        foreach (var (name, old) in fields) copy[name] = old;
        copy[field] = value;
        return new(copy);
    }

    /// <summary>
    /// The same with the arguments of its calls as objects: servers send them as a text that holds JSON, which a template would write
    /// as JSON a second time, its quotes escaped.
    /// </summary>
    /// <param name="changed">How many arguments were texts.</param>
    public ChatMessage WithParsedArguments(out int changed)
    {
        int count = 0;
        var calls = ToolCalls.Select(call => Parsed(call, ref count)).ToList();
        changed = count;
        return count == 0 ? this : With("tool_calls", calls);
    }

    static object? Parsed(object? call, ref int count)
    {
        if (call is not OrderedDictionary<string, object?> fields) return call;
        var copy = new OrderedDictionary<string, object?>();
        foreach (var (name, value) in fields)
        {
            object? made = name == "function" ? Parsed(value, ref count) : value;
            if (name == "arguments" && value is string text && ObjectOf(text) is { } arguments)
            {
                made = arguments;
                count++;
            }
            copy[name] = made;
        }
        return copy;
    }

    static OrderedDictionary<string, object?>? ObjectOf(string text)
    {
        try
        {
            return PythonJson.Read(text) as OrderedDictionary<string, object?>;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // What the template sees: fields without a value are not there, and the thought stands under the names that templates ask for.
    internal PythonDict ToValue(int number)
    {
        var origin = new TextOrigin(TextSource.Message, number);
        var dict = new PythonDict();
        foreach (var (name, value) in fields)
        {
            if (value is null) continue;
            object seen = name == "role" && value is string role ? TemplateValues.Word(role, origin) : TemplateValues.Of(value, origin);
            dict.Set(TemplateValues.Word(name, origin), seen);
        }
        object? reasoning = ReasoningNames.Select(name => dict[(MarkedText)name]).FirstOrDefault(one => one is not null);
        if (reasoning is null) return dict;
        foreach (string name in ReasoningNames.Take(2))
            if (dict[(MarkedText)name] is null) dict.SetFirst((MarkedText)name, reasoning);
        return dict;
    }
}
