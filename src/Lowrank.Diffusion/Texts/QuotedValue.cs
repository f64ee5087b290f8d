using System.Text;
using System.Text.Json;

namespace Lowrank.Diffusion;

/// <summary>Values of an infotext's fields: plain, or as a JSON string where they would be torn apart.</summary>
/// <remarks>Source: AUTOMATIC1111 modules/infotext_utils.py, quote and unquote, at 82a973c.</remarks>
public static class QuotedValue
{
    /// <summary>As AUTOMATIC1111 writes it: in quotes with a comma, a colon or a line break in it.</summary>
    public static string Of(string value) => value.AsSpan().IndexOfAny(",:\n") < 0 ? value : Json(value);

    /// <summary>
    /// The same, and in quotes too where AUTOMATIC1111 writes a text that nobody reads back: one that begins with a quote or a blank.
    /// </summary>
    public static string InField(string value)
    {
        bool wouldBeLost = value is [var first, ..] && (first == '"' || char.IsWhiteSpace(first));
        return wouldBeLost ? Json(value) : Of(value);
    }

    /// <summary>What a field's text means. Quotes that hold no JSON string stay as they are: somebody else quotes otherwise.</summary>
    public static string Read(string text)
    {
        if (text is not ['"', .., '"']) return text;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.GetString() ?? text;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)   // the latter of half a surrogate pair
        {
            return text;
        }
    }

    // Letters of every script stand as they are.
    static string Json(string value)
    {
        var text = new StringBuilder("\"");
        foreach (char c in value)
        {
            string? escape = c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' => $"\\u{(int)c:x4}",
                _ => null,
            };
            if (escape is null) text.Append(c);
            else text.Append(escape);
        }
        return text.Append('"').ToString();
    }
}
