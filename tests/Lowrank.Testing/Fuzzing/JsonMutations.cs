using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Lowrank.Testing.Fuzzing;

/// <summary>Changes of a text of JSON: another value, another name, and what is no JSON at all.</summary>
public static class JsonMutations
{
    // Stands in the tree for text that a tree cannot hold.
    const string Place = "@@hostile@@";

    static readonly string[] values =
    [
        "null", "true", "false", "{}", "[]", "[[]]", "\"\"", "\"x\"", "0", "-0", "-1", "1", "1.5", "1e3", "1e308", "1e999", "-1e-400", "2147483648", "9223372036854775807",
        "9223372036854775808", "18446744073709551616", "NaN", "Infinity", "0x10", "01", "'x'", "\"\\ud800\"", "\"\\u0000\"", "[1,2,3]", "[0]", "[-1]", "[null]", "{\"a\":{\"b\":[]}}",
        "{\"a\":1,\"a\":2}", "\"(a+)+$\"", "\"(.*.*.*.*.*.*)*x\"", "\"(\"", "\"[\"", "\"((((a{1,1000}){1,1000}){1,1000}){1,1000})\"", "\"(?=.*x)(a|a)*b\"", "// x",
        Deep("[", "]", 63), Deep("[", "]", 64), Deep("[", "]", 65), Deep("{\"a\":", "}", 100, "1"), Deep("[", "]", 10_000), Deep("[", "", 100_000), new('1', 5000), $"\"{new string('x', 100_000)}\"",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("another value", (json, random) => Edit(json, random, (parent, name, random) => Set(parent, name, values.Any(random)))),
        new("another number", (json, random) => Edit(json, random, (parent, name, random) => Set(parent, name, $"{Hostile.Numbers.Any(random)}"))),
        new("another word", (json, random) =>
            Edit(json, random, (parent, name, random) => Set(parent, name, JsonSerializer.Serialize(Hostile.Names.Any(random))))),
        new("another name", (json, random) =>
            Edit(json, random, (parent, name, random) => Rename(parent, name, JsonSerializer.Serialize(Hostile.Names.Any(random))))),
        new("a name that is a regular expression", (json, random) =>
            Edit(json, random, (parent, name, random) => Rename(parent, name, values.Where(value => value[0] == '"').ToList().Any(random)))),
        new("a name twice", (json, random) =>
            Edit(json, random, (parent, name, random) => parent is JsonObject { Count: > 1 } fields ? Rename(parent, name, JsonSerializer.Serialize(fields.Select(field => field.Key).ToList().Any(random))) : null)),
        new("a value taken out", (json, random) => Edit(json, random, Remove)),
        new("two values exchanged", (json, random) => Edit(json, random, Exchange)),
        new("a value put in", (json, random) => Edit(json, random, Insert)),
        new("text that is not UTF-8", (json, random) => Spliced(json, random, [0xff, 0xfe, 0xc0, 0x80])),
        new("a zero byte", (json, random) => Spliced(json, random, [0])),
        new("half a surrogate pair", (json, random) => Spliced(json, random, [0xed, 0xa0, 0x80])),
        new("a mark at the beginning", (json, _) => [0xef, 0xbb, 0xbf, .. json]),
        new("text behind the end", (json, random) => [.. json, .. Encoding.UTF8.GetBytes(values.Any(random))]),
        new("another text", (_, random) => Encoding.UTF8.GetBytes(values.Any(random))),
    ];

    static string Deep(string open, string close, int levels, string inner = "") => string.Concat(Enumerable.Repeat(open, levels)) + inner + string.Concat(Enumerable.Repeat(close, levels));

    /// <summary>A tree without what JSON gives no meaning to; null where the text has it.</summary>
    internal static JsonNode? Parse(byte[] json)
    {
        // A tree finds out late about strings that are no text.
        if (!Utf8.IsValid(json) || json.AsSpan().IndexOf("\\ud"u8) >= 0) return null;
        try
        {
            return JsonNode.Parse(json, null, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The tree as text, with what was set in it raw.</summary>
    internal static byte[] Text(JsonNode tree, string raw = Place)
    {
        string json = tree.ToJsonString();
        return Encoding.UTF8.GetBytes(raw == Place ? json : json.Replace($"\"{Place}\"", raw, StringComparison.Ordinal));
    }

    static byte[]? Edit(byte[] json, Random random, Func<JsonNode, object, Random, string?> change)
    {
        if (Parse(json) is not { } tree) return null;
        var places = Places(tree).ToList();
        if (places.Count == 0) return null;
        // Fields at the top count as much as the many below them.
        var top = places.Where(place => place.Parent == tree).ToList();
        var (parent, name) = (random.Next(2) == 0 && top.Count > 0 ? top : places).Any(random);
        return change(parent, name, random) is { } raw ? Text(tree, raw) : null;
    }

    static IEnumerable<(JsonNode Parent, object Name)> Places(JsonNode tree) => tree switch
    {
        JsonObject fields => fields.SelectMany(field => Below(tree, field.Key, field.Value)),
        JsonArray items => items.SelectMany((item, i) => Below(tree, i, item)),
        _ => [],
    };

    static IEnumerable<(JsonNode Parent, object Name)> Below(JsonNode parent, object name, JsonNode? value) =>
        value is null ? [(parent, name)] : Places(value).Prepend((parent, name));

    static string Set(JsonNode parent, object name, string raw)
    {
        if (parent is JsonArray items) items[(int)name] = Place;
        else parent[(string)name] = Place;
        return raw;
    }

    static string? Rename(JsonNode parent, object name, string raw)
    {
        if (parent is not JsonObject fields) return null;
        var value = fields[(string)name];
        int at = fields.IndexOf((string)name);
        fields.RemoveAt(at);
        fields.Insert(at, Place, value);
        return raw;
    }

    static string? Remove(JsonNode parent, object name, Random random)
    {
        if (parent is JsonArray items) items.RemoveAt((int)name);
        else parent.AsObject().Remove((string)name);
        return Place;
    }

    static string? Exchange(JsonNode parent, object name, Random random)
    {
        if (parent is not JsonObject fields) return null;
        string first = (string)name, second = fields.Select(field => field.Key).ToList().Any(random);
        (fields[first], fields[second]) = (fields[second]?.DeepClone(), fields[first]?.DeepClone());
        return Place;
    }

    static string? Insert(JsonNode parent, object name, Random random)
    {
        if (parent is JsonArray items) items.Insert((int)name, Place);
        else parent["x"] = Place;
        return values.Any(random);
    }

    static byte[] Spliced(byte[] json, Random random, byte[] part)
    {
        int at = random.Next(json.Length + 1);
        return [.. json[..at], .. part, .. json[at..]];
    }
}
