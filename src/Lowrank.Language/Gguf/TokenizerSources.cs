using System.Text.Json;

namespace Lowrank.Language;

/// <summary>The files of a model's folder that tell its tokenizer, as they lie there.</summary>
sealed class TokenizerSources
{
    static readonly JsonElement none = JsonDocument.Parse("{}").RootElement;

    /// <summary>Reads a folder's.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="LowrankException">A file that is no JSON.</exception>
    public TokenizerSources(string folder)
    {
        Folder = folder;
        Settings = Json(TokenizerSettings.File);
        Tokenizer = Json(TokenizerFolder.Json);
        Config = Json("config.json") ?? none;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary><c>tokenizer_config.json</c>; null where there is none.</summary>
    public JsonElement? Settings { get; }

    /// <summary><c>tokenizer.json</c>; null where there is none.</summary>
    public JsonElement? Tokenizer { get; }

    /// <summary><c>config.json</c>.</summary>
    public JsonElement Config { get; }

    /// <summary>What GGUF files do not hold of it, a sentence each.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>The path of a file in the folder.</summary>
    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    /// <summary>A file's JSON; null where there is none.</summary>
    public JsonElement? Json(string name)
    {
        string path = Path(name);
        return File.Exists(path) ? TokenizerBytes.ReadJson(path, json => json.Clone()) : null;
    }

    /// <summary>A field of an object; null where it is absent or null.</summary>
    public static JsonElement? Field(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } whole && whole.TryGetProperty(name, out var value)
            && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A field that is a text; null where it is none.</summary>
    public static string? Text(JsonElement? json, string name) =>
        Field(json, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A field that is true or false; null where it is neither.</summary>
    public static bool? Flag(JsonElement? json, string name) =>
        Field(json, name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : null;

    /// <summary>A field that is a whole number; null where it is none.</summary>
    public static int? Count(JsonElement? json, string name) => Field(json, name) is { } value ? Whole(value) : null;

    /// <summary>A value that is a whole number, 50.0 too; null where it is none.</summary>
    public static int? Whole(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number) return null;
        if (value.TryGetInt32(out int number)) return number;
        double fraction = value.GetDouble();
        return double.IsInteger(fraction) && Math.Abs(fraction) < int.MaxValue ? (int)fraction : null;
    }

    /// <summary>The entries of an object; none of anything else.</summary>
    public static IEnumerable<JsonProperty> Entries(JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Object } whole ? whole.EnumerateObject() : [];

    /// <summary>The elements of a field that is a list; none where it is none.</summary>
    public static IEnumerable<JsonElement> List(JsonElement? json, string name) =>
        Field(json, name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    /// <summary>The control tokens and others that <c>tokenizer.json</c> adds.</summary>
    public IEnumerable<JsonElement> Added => List(Tokenizer, "added_tokens");
}
