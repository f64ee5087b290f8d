using System.Text.Json;

namespace Lowrank.Language;

/// <summary>ShareGPT's messages, <c>from</c> and <c>value</c>, as those that templates know.</summary>
static class ShareGptRoles
{
    static readonly Dictionary<string, string> roles = new()
    {
        ["human"] = "user", ["gpt"] = "assistant", ["model"] = "assistant", ["bing"] = "assistant", ["chatgpt"] = "assistant",
        ["observation"] = "tool", ["function_call"] = "assistant",
    };

    /// <summary>A message.</summary>
    /// <param name="message">An object of from and value.</param>
    /// <param name="keepsRole">Whether the role stays as it is written.</param>
    public static ChatMessage Message(JsonElement message, bool keepsRole)
    {
        string from = message.GetProperty("from").GetString() ?? "", value = Text(message.GetProperty("value"));
        if (keepsRole) return new(from, value);
        return from == "function_call" ? Call(value) : new(roles.GetValueOrDefault(from, from), value);
    }

    static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    // The call of a tool stands as a text that holds JSON.
    static ChatMessage Call(string value)
    {
        var plain = new ChatMessage("assistant", value);
        object? call;
        try
        {
            call = PythonJson.Read(value);
        }
        catch (JsonException)
        {
            return plain;
        }
        if (call is not OrderedDictionary<string, object?> function || !function.ContainsKey("name")) return plain;
        var wrapped = new OrderedDictionary<string, object?> { ["type"] = "function", ["function"] = function };
        return new ChatMessage("assistant", "").With("tool_calls", new List<object?> { wrapped });
    }
}
