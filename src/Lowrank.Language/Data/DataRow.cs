using System.Text.Json;

namespace Lowrank.Language;

/// <summary>An object of a data file, with its place, which errors name.</summary>
/// <param name="Path">The file.</param>
/// <param name="Number">Its number among the file's rows, from 1.</param>
/// <param name="Line">Its line in the file, from 1; null for an element of an array.</param>
/// <param name="Json">The object.</param>
public sealed record DataRow(string Path, int Number, int? Line, JsonElement Json)
{
    /// <summary>Where it stands, as errors say it.</summary>
    public string Place => Line is { } line ? $"{Path}, row {Number} (line {line})" : $"{Path}, row {Number}";

    /// <summary>What is read of it by what knows no rows; an error is told with its place.</summary>
    internal T Within<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (LowrankException error) when (!error.Message.StartsWith(Place, StringComparison.Ordinal))
        {
            throw new LowrankException($"{Place}: {error.Message}", error);
        }
    }

    /// <summary>The text of a field.</summary>
    /// <exception cref="LowrankException">The field is missing, or no text.</exception>
    public string Text(string field)
    {
        var value = Field(field);
        if (value.ValueKind == JsonValueKind.String) return value.GetString()!;
        throw new LowrankException($"{Place}: \"{field}\" is {Kind(value)}, and text is wanted.");
    }

    /// <summary>The texts of a field that is a list.</summary>
    /// <exception cref="LowrankException">The field is missing, no list, or holds something else.</exception>
    public List<string> Texts(string field)
    {
        var texts = new List<string>();
        foreach (var (at, one) in List(field).EnumerateArray().Index())
        {
            if (one.ValueKind != JsonValueKind.String)
                throw new LowrankException($"{Place}: element {at + 1} of \"{field}\" is {Kind(one)}, and text is wanted.");
            texts.Add(one.GetString()!);
        }
        return texts;
    }

    /// <summary>A field that is a list.</summary>
    /// <exception cref="LowrankException">The field is missing, or no list.</exception>
    public JsonElement List(string field)
    {
        var value = Field(field);
        return value.ValueKind == JsonValueKind.Array ? value
            : throw new LowrankException($"{Place}: \"{field}\" is {Kind(value)}, and a list is wanted.");
    }

    /// <summary>Whether it has a field.</summary>
    public bool Has(string field) => Json.TryGetProperty(field, out _);

    /// <summary>Whether it has a field that is not null.</summary>
    public bool IsGiven(string field) => Json.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null;

    internal static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Array => "a list",
        _ => "an object",
    };

    JsonElement Field(string field)
    {
        if (Json.ValueKind != JsonValueKind.Object)
            throw new LowrankException($"{Place} is {Kind(Json)} where an object with \"{field}\" is wanted. " +
                "Is the file of another layout?");
        if (Json.TryGetProperty(field, out var value)) return value;
        string known = string.Join(", ", Json.EnumerateObject().Select(one => one.Name));
        throw new LowrankException($"{Place} has no \"{field}\". It has: {known}. Is the file of another layout?");
    }
}
