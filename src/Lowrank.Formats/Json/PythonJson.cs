using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lowrank.Formats;

/// <summary>JSON as Python reads and writes it: whole numbers of any size apart from others, the order of fields kept.</summary>
/// <remarks>
/// Values are null, bool, <see cref="BigInteger"/>, double (NaN and infinities among them, which JSON has not), string, lists of values and
/// <see cref="OrderedDictionary{TKey, TValue}"/> of values by name. Of a name that stands twice in an object the last value counts, in the
/// first one's place.
/// </remarks>
public static class PythonJson
{
    /// <summary>Reads a text.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static object? Read(string text)
    {
        using var document = Parsed(text);
        return Of(document.RootElement);
    }

    /// <summary>Where a name stands more than once in an object of a text, as "3.inputs.steps"; the last value counts.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static IReadOnlyList<string> Repeated(string text)
    {
        using var document = Parsed(text);
        return [.. Repeated(document.RootElement, "")];
    }

    static IEnumerable<string> Repeated(JsonElement element, string place)
    {
        var within = element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().Select(field => (field.Name, field.Value)).ToList(),
            JsonValueKind.Array => [.. element.EnumerateArray().Select((item, i) => ($"{i}", item))],
            _ => [],
        };
        foreach (var group in within.GroupBy(one => one.Item1))
        {
            if (group.Count() > 1) yield return place + group.Key;
            foreach (string inner in Repeated(group.Last().Item2, $"{place}{group.Key}.")) yield return inner;
        }
    }

    static JsonDocument Parsed(string text) => JsonDocument.Parse(
        BareNumbers.Marked(Encoding.UTF8.GetBytes(text)), new JsonDocumentOptions { AllowDuplicateProperties = true });

    /// <summary>The value of a parsed element.</summary>
    public static object? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Fields(element),
        JsonValueKind.Array => element.EnumerateArray().Select(Of).ToList(),
        JsonValueKind.String => BareNumbers.Meant(element.GetString()!),
        JsonValueKind.Number => Number(element.GetRawText()),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    static OrderedDictionary<string, object?> Fields(JsonElement element)
    {
        var fields = new OrderedDictionary<string, object?>();
        foreach (var field in element.EnumerateObject()) fields[field.Name] = Of(field.Value);
        return fields;
    }

    // Python: a number with a point or an exponent is a float.
    static object Number(string text) => text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0
        ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
        : BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>The text that <c>json.dumps</c> makes: ", " and ": " between, all beyond ASCII as \u escapes.</summary>
    /// <exception cref="ArgumentException">A value of another kind is in it.</exception>
    public static string Write(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null: text.Append("null"); break;
            case bool on: text.Append(on ? "true" : "false"); break;
            case string word: JsonString.Append(text, word, asciiOnly: true); break;
            case int or long or BigInteger: text.Append(CultureInfo.InvariantCulture, $"{value}"); break;
            case double number: text.Append(Float(number)); break;
            case JsonNode node: Write(text, Plain(node)); break;
            case IReadOnlyDictionary<string, object?> fields: WriteFields(text, fields); break;
            case System.Collections.IEnumerable list: WriteList(text, list); break;
            default: throw new ArgumentException($"a {value.GetType().Name} is no value of JSON");
        }
    }

    static void WriteFields(StringBuilder text, IReadOnlyDictionary<string, object?> fields)
    {
        text.Append('{');
        string between = "";
        foreach (var (name, value) in fields)
        {
            text.Append(between);
            JsonString.Append(text, name, asciiOnly: true);
            text.Append(": ");
            Write(text, value);
            between = ", ";
        }
        text.Append('}');
    }

    static void WriteList(StringBuilder text, System.Collections.IEnumerable list)
    {
        text.Append('[');
        string between = "";
        foreach (var value in list)
        {
            text.Append(between);
            Write(text, value);
            between = ", ";
        }
        text.Append(']');
    }

    static string Float(double number) =>
        double.IsNaN(number) ? BareNumbers.NotANumber
        : double.IsInfinity(number) ? number > 0 ? BareNumbers.Infinity : BareNumbers.MinusInfinity
        : PythonFloat.Text(number);

    // A number that was a float stays one, whether it was parsed or made here.
    static object? Plain(JsonNode node) => node switch
    {
        JsonObject fields => new OrderedDictionary<string, object?>(
            fields.Select(field => KeyValuePair.Create(field.Key, (object?)field.Value))),
        JsonArray items => items.ToList(),
        _ => node.GetValue<object>() switch
        {
            JsonElement parsed => Of(parsed),
            float number => double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            var made => made,
        },
    };
}
