using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lowrank.Adapters;

/// <summary>
/// Values as Python's <c>str()</c> and <c>json.dumps()</c> write them: kohya's metadata are such strings, and its readers parse them so.
/// </summary>
static class PythonText
{
    /// <summary><c>str(value)</c>; of a <see cref="JsonNode"/> <c>json.dumps(value)</c>.</summary>
    public static string Of(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        JsonNode node => Json(node),
        double or float => PythonFloat.Text(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary><c>json.dumps</c>: a space after commas and colons, and everything beyond ASCII escaped.</summary>
    public static string Json(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(node, text);
        return text.ToString();
    }

    static void Write(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                text.Append('{');
                foreach (var (index, (name, value)) in members.Index())
                {
                    Quote(name, text.Append(index == 0 ? "" : ", "));
                    Write(value, text.Append(": "));
                }
                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                foreach (var (index, item) in items.Index()) Write(item, text.Append(index == 0 ? "" : ", "));
                text.Append(']');
                break;
            default:
                Value(node.AsValue(), text);
                break;
        }
    }

    static void Value(JsonValue value, StringBuilder text)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                Quote(value.GetValue<string>(), text);
                break;
            case JsonValueKind.Number:
                string digits = value.ToJsonString();
                // A number that was a float stays one, whether it was parsed or made here.
                bool isFloat = value.GetValue<object>() is double or float || digits.AsSpan().IndexOfAny('.', 'e', 'E') >= 0;
                text.Append(isFloat ? PythonFloat.Text(double.Parse(digits, CultureInfo.InvariantCulture)) : digits);
                break;
            default:
                text.Append(value.ToJsonString());
                break;
        }
    }

    static void Quote(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (char c in value)
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' or > '~' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        text.Append('"');
    }
}
