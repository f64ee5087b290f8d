using System.Text.Json;

namespace Lowrank.Language;

/// <summary>What <c>tokenizer_config.json</c> and its neighbours tell of a tokenizer.</summary>
sealed class TokenizerSettings
{
    /// <summary>Its file, and those beside it.</summary>
    public const string File = "tokenizer_config.json", Map = "special_tokens_map.json", Template = "chat_template.jinja";

    const string Templates = "additional_chat_templates";

    static readonly string[] names =
        ["bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token"];

    readonly List<string> found = [];

    /// <summary>The files that were found.</summary>
    public IReadOnlyList<string> Found => found;

    /// <summary>The texts of the tokens with a part to play, by their names there: <c>bos_token</c>.</summary>
    public Dictionary<string, string> Tokens { get; } = new(StringComparer.Ordinal);

    /// <summary>Further control tokens: <c>additional_special_tokens</c>, <c>extra_special_tokens</c>.</summary>
    public List<string> FurtherTokens { get; } = [];

    /// <summary>Tokens with ids.</summary>
    public List<AddedToken> Added { get; } = [];

    /// <summary>Chat templates by name.</summary>
    public Dictionary<string, string> ChatTemplates { get; } = new(StringComparer.Ordinal);

    /// <summary>The class of the tokenizer in transformers, or empty.</summary>
    public string Class { get; private set; } = "";

    /// <summary>
    /// The kind of the model beside the tokenizer, from <c>config.json</c>, or empty: transformers chooses the class by it.
    /// </summary>
    public string ModelType { get; private set; } = "";

    /// <summary>Whether a begin token is added, and an end token, where it says so.</summary>
    public (bool? Begin, bool? End) Adds { get; private set; }

    /// <summary>The most tokens that the model takes, or null.</summary>
    public int? MaxLength { get; private set; }

    /// <summary>Whether padding goes to the left, where it says so.</summary>
    public bool? PadsLeft { get; private set; }

    /// <summary>Whether spaces before signs go after decoding, where it says so.</summary>
    public bool? CleansUpSpaces { get; private set; }

    /// <summary>T5's sentinels: how many <c>&lt;extra_id_0&gt;</c> and so on follow the pieces.</summary>
    public int ExtraIds { get; private set; }

    /// <summary>Flags of single classes by their names: <c>legacy</c>, <c>do_lower_case</c>.</summary>
    public Dictionary<string, bool> Flags { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a folder's.</summary>
    public static TokenizerSettings Read(string folder)
    {
        var settings = new TokenizerSettings();
        settings.ReadJson(Path.Combine(folder, File), settings.ReadConfig);
        settings.ReadJson(Path.Combine(folder, Map), settings.ReadTokens);
        settings.ReadJson(Path.Combine(folder, "config.json"), json => settings.ModelType = Text(json, "model_type") ?? "");
        settings.ReadTemplates(folder);
        return settings;
    }

    void ReadJson(string path, Action<JsonElement> read)
    {
        if (!System.IO.File.Exists(path)) return;
        found.Add(path);
        TokenizerBytes.ReadJson(path, json =>
        {
            if (json.ValueKind != JsonValueKind.Object) throw new LowrankException($"{path} holds JSON, but not an object.");
            read(json);
            return true;
        });
    }

    void ReadConfig(JsonElement json)
    {
        ReadTokens(json);
        Class = Text(json, "tokenizer_class") ?? "";
        Adds = (Flag(json, "add_bos_token"), Flag(json, "add_eos_token"));
        PadsLeft = Text(json, "padding_side") is { } side ? side == "left" : null;
        CleansUpSpaces = Flag(json, "clean_up_tokenization_spaces");
        // A tokenizer without a limit says 1e30.
        bool isLimited = json.TryGetProperty("model_max_length", out var max) && max.ValueKind == JsonValueKind.Number;
        if (isLimited && max.TryGetInt32(out int limit)) MaxLength = limit;
        if (json.TryGetProperty("extra_ids", out var extra) && extra.ValueKind == JsonValueKind.Number) ExtraIds = extra.GetInt32();
        foreach (var field in json.EnumerateObject())
            if (field.Value.ValueKind is JsonValueKind.True or JsonValueKind.False) Flags[field.Name] = field.Value.GetBoolean();
        if (json.TryGetProperty("added_tokens_decoder", out var added) && added.ValueKind == JsonValueKind.Object) ReadAdded(added);
        if (json.TryGetProperty("chat_template", out var template)) ReadTemplate(template);
    }

    void ReadTokens(JsonElement json)
    {
        foreach (string name in names)
            if (json.TryGetProperty(name, out var value) && Content(value) is { } text) Tokens.TryAdd(name, text);
        foreach (string name in new[] { "additional_special_tokens", "extra_special_tokens" })
            if (json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array)
                FurtherTokens.AddRange(list.EnumerateArray().Select(Content).OfType<string>());
    }

    // A text, or an object with the text in it.
    static string? Content(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && !value.TryGetProperty("content", out value)) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    void ReadAdded(JsonElement added)
    {
        foreach (var entry in added.EnumerateObject())
        {
            var token = new JsonPart(entry.Value, $"{File}: added_tokens_decoder.{entry.Name}");
            bool hasId = int.TryParse(entry.Name, System.Globalization.CultureInfo.InvariantCulture, out int id);
            if (!hasId) throw token.Fault("has no number as its id");
            Added.Add(new AddedToken(id, token.Text("content"))
            {
                IsSpecial = token.Flag("special", false),
                IsSingleWord = token.Flag("single_word", false),
                StripsLeft = token.Flag("lstrip", false),
                StripsRight = token.Flag("rstrip", false),
                IsNormalized = token.Flag("normalized", true),
            });
        }
    }

    void ReadTemplate(JsonElement template)
    {
        if (template.ValueKind == JsonValueKind.String) ChatTemplates["default"] = template.GetString()!;
        if (template.ValueKind != JsonValueKind.Array) return;
        foreach (var entry in template.EnumerateArray())
        {
            var named = new JsonPart(entry, $"{File}: chat_template");
            ChatTemplates[named.Text("name")] = named.Text("template");
        }
    }

    // A file of its own counts before the field.
    void ReadTemplates(string folder)
    {
        string file = Path.Combine(folder, Template), others = Path.Combine(folder, Templates);
        if (System.IO.File.Exists(file)) Take("default", file);
        if (!Directory.Exists(others)) return;
        foreach (string path in Directory.EnumerateFiles(others, "*.jinja").Order(StringComparer.Ordinal))
            Take(Path.GetFileNameWithoutExtension(path), path);

        void Take(string name, string path)
        {
            found.Add(path);
            ChatTemplates[name] = TokenizerBytes.TextOf(path);
        }
    }

    static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static bool? Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : null;
}
