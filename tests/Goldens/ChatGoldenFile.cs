using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lowrank.Formats;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>The golden files of chat templates, and what their cases are about.</summary>
static class ChatGoldenFile
{
    static readonly ConcurrentDictionary<string, JsonElement> opened = new();
    static readonly ConcurrentDictionary<string, string> sources = new();
    static readonly ConcurrentDictionary<string, TextTokenizer> tokenizers = new();

    /// <summary>A file beside cases.json, whole.</summary>
    public static JsonElement Open(GoldenGroup group, string file) => opened.GetOrAdd(Path.Combine(group.Folder, file), path =>
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.Clone();
    });

    /// <summary>The tokenizer of a folder or file.</summary>
    public static TextTokenizer Tokenizer(string path) =>
        tokenizers.GetOrAdd(Path.GetFullPath(path), full => Path.Exists(full)
            ? Tokenizers.Load(full).Tokenizer
            : throw Golden.NotCovered($"{full} is not here"));

    /// <summary>The tokenizer of a tokenizer.json with the special tokens of a file behind its own, as the peer adds those it has not.</summary>
    public static TextTokenizer TokenizerWith(JsonElement whole, string path) =>
        tokenizers.GetOrAdd("with tokens: " + Path.GetFullPath(path), _ => File.Exists(path)
            ? Tokenizers.FromJson(WithTokens(File.ReadAllText(path), Tokens(whole, whole).Values))
            : throw Golden.NotCovered($"{path} is not here"));

    static string WithTokens(string json, IEnumerable<string> tokens)
    {
        var tokenizer = JsonNode.Parse(json)!;
        var added = tokenizer["added_tokens"]!.AsArray();
        var known = added.Select(token => token!["content"]!.GetValue<string>()).ToHashSet();
        int next = added.Select(token => token!["id"]!.GetValue<int>())
            .Concat(tokenizer["model"]!["vocab"]!.AsObject().Select(entry => entry.Value!.GetValue<int>())).Max() + 1;
        foreach (string token in tokens.Where(token => !known.Contains(token)))
            added.Add(new JsonObject
            {
                ["id"] = next++, ["content"] = token, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false,
                ["normalized"] = false, ["special"] = true,
            });
        return tokenizer.ToJsonString();
    }

    /// <summary>Fields of an object as plain data.</summary>
    public static IReadOnlyDictionary<string, object?> Fields(JsonElement json) => (IReadOnlyDictionary<string, object?>)PythonJson.Of(json)!;

    /// <summary>What the clock says; null if the file does not tell.</summary>
    public static DateTime? Now(JsonElement whole) => whole.TryGetProperty("now", out var now)
        ? DateTime.ParseExact(now.GetString()!, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
        : null;

    /// <summary>The template of a case with its special tokens.</summary>
    public static ChatTemplate Template(string group, JsonElement whole, JsonElement json)
    {
        string name = json.GetProperty("template").GetString()!;
        return new(sources.GetOrAdd($"{group}/{name}", _ => Source(group, name)), Tokens(whole, json), name);
    }

    static string Source(string group, string name)
    {
        string path = Path.Combine(GoldenGroup.Open(group).Folder, "templates", name + ".jinja");
        if (!name.StartsWith('(')) return File.ReadAllText(path);
        string model = Path.Combine(GoldenFolder.Root, "..", "models", "smollm2-135m-instruct");
        string? gguf = Directory.Exists(model) ? Directory.EnumerateFiles(model, "*.gguf").FirstOrDefault() : null;
        return gguf is null ? throw Golden.NotCovered("the model that holds the template is not here") : InGguf(gguf);
    }

    // The value of a field of text: its kind (8), its length and its bytes stand behind the name.
    static string InGguf(string path)
    {
        using var file = File.OpenRead(path);
        byte[] head = new byte[Math.Min(file.Length, 8 << 20)];
        file.ReadExactly(head);
        byte[] name = Encoding.ASCII.GetBytes("tokenizer.chat_template");
        int at = head.AsSpan().IndexOf(name) + name.Length + 4;
        int length = (int)BitConverter.ToInt64(head, at);
        return Encoding.UTF8.GetString(head, at + 8, length);
    }

    // Those of the file or of the case; a token that is null the model has not.
    static Dictionary<string, string> Tokens(JsonElement whole, JsonElement json)
    {
        var tokens = new Dictionary<string, string>();
        foreach (var given in new[] { whole, json })
            if (given.TryGetProperty("variables", out var variables))
                foreach (var (name, value) in Fields(variables))
                    if (name.EndsWith("_token", StringComparison.Ordinal) && value is string text) tokens[name] = text;
        return tokens;
    }

    /// <summary>The conversation of a case, its tools and documents with it.</summary>
    public static Conversation Conversation(JsonElement whole, JsonElement json)
    {
        var messages = json.TryGetProperty("messages", out var own)
            ? own
            : whole.GetProperty("conversations").GetProperty(json.GetProperty("conversation").GetString()!);
        return Lowrank.Language.Conversation.Read(messages) with { Tools = Tools(whole, json), Documents = Documents(json) };
    }

    static IReadOnlyList<object?>? Tools(JsonElement whole, JsonElement json)
    {
        if (!json.TryGetProperty("tools", out var tools)) return null;
        if (tools.ValueKind == JsonValueKind.True) tools = whole.GetProperty("tools");
        return tools.ValueKind == JsonValueKind.Array ? (IReadOnlyList<object?>)PythonJson.Of(tools)! : null;
    }

    static IReadOnlyList<object?>? Documents(JsonElement json) =>
        json.TryGetProperty("variables", out var variables) && variables.TryGetProperty("documents", out var documents)
            ? (IReadOnlyList<object?>)PythonJson.Of(documents)!
            : null;

    /// <summary>How a case is rendered.</summary>
    public static ChatOptions Options(JsonElement whole, JsonElement json)
    {
        var variables = new Dictionary<string, object?>();
        if (json.TryGetProperty("variables", out var given))
            foreach (var (name, value) in Fields(given))
                if (name != "documents" && !name.EndsWith("_token", StringComparison.Ordinal)) variables[name] = value;
        return new()
        {
            AddGenerationPrompt = Is(json, "add_generation_prompt"),
            ContinueFinalMessage = Is(json, "continue_final_message"),
            Variables = variables,
            Now = Now(whole),
        };
    }

    static bool Is(JsonElement json, string field) => json.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.True;
}
