using System.Text;
using System.Text.Json;

namespace Lowrank.Formats;

/// <summary>
/// JSON whose every string is text. A document of .NET finds out only when it is asked for a string that this is no UTF-8, or half of a
/// surrogate pair, and then with another exception than that of what is no JSON.
/// </summary>
public static class StrictJson
{
    /// <summary>The document of a text.</summary>
    /// <exception cref="JsonException">It is no JSON, or a string in it is no text.</exception>
    public static JsonDocument Parse(string json, JsonDocumentOptions options = default) => Parse(Encoding.UTF8.GetBytes(json), options);

    /// <summary>The document of UTF-8 without a mark.</summary>
    /// <exception cref="JsonException">It is no JSON, or a string in it is no text.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, JsonDocumentOptions options = default)
    {
        try
        {
            CheckStrings(json.Span, options);
            return JsonDocument.Parse(json, options);
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    static void CheckStrings(ReadOnlySpan<byte> json, JsonDocumentOptions options)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions
        {
            MaxDepth = options.MaxDepth, AllowTrailingCommas = options.AllowTrailingCommas, CommentHandling = options.CommentHandling,
        });
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) reader.GetString();
    }
}
