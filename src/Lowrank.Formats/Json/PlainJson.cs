using System.Collections;
using System.Text;
using System.Text.Json;

namespace Lowrank.Formats;

/// <summary>Plain data as JSON: words, numbers, switches, lists, dictionaries. No reflection, which programs that are compiled ahead of
/// time do without.</summary>
public static class PlainJson
{
    /// <summary>The text.</summary>
    /// <param name="value">Null, bool, string, int, long, float, double, a parsed element, or lists and dictionaries (by string) of
    /// them.</param>
    /// <param name="indented">Whether a line for each value.</param>
    /// <exception cref="ArgumentException">Something else is in it, or a number that is not finite.</exception>
    public static string Text(object? value, bool indented = true) => Encoding.UTF8.GetString(Bytes(value, indented));

    /// <summary>A parsed element.</summary>
    public static JsonElement Element(object? value)
    {
        using var document = JsonDocument.Parse(Bytes(value, indented: false));
        return document.RootElement.Clone();
    }

    static byte[] Bytes(object? value, bool indented)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = indented })) Write(writer, value);
        return stream.ToArray();
    }

    static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case bool on: writer.WriteBooleanValue(on); break;
            case string text: writer.WriteStringValue(text); break;
            case int number: writer.WriteNumberValue(number); break;
            case long number: writer.WriteNumberValue(number); break;
            case float number: writer.WriteNumberValue(number); break;
            case double number: writer.WriteNumberValue(number); break;
            case JsonElement element: element.WriteTo(writer); break;
            case IDictionary<string, object?> fields: WriteFields(writer, fields); break;
            case IDictionary fields:
                WriteFields(writer, fields.Keys.Cast<string>().Select(key => KeyValuePair.Create(key, fields[key])));
                break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (var one in list) Write(writer, one);
                writer.WriteEndArray();
                break;
            default: throw new ArgumentException($"a {value.GetType().Name} is no plain data");
        }
    }

    static void WriteFields(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, object?>> fields)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in fields)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }
        writer.WriteEndObject();
    }
}
