using System.Text.Json;

namespace Lowrank.Language;

/// <summary>An object of tokenizer.json that is read field by field; a field that nobody asked for is an error at the end.</summary>
sealed class JsonPart
{
    readonly JsonElement json;
    readonly string place;
    readonly HashSet<string> read = [];

    /// <summary>An object and where it stands, for errors.</summary>
    /// <exception cref="LowrankException">It is no object.</exception>
    public JsonPart(JsonElement json, string place)
    {
        (this.json, this.place) = (json, place);
        if (json.ValueKind != JsonValueKind.Object) throw Fault($"is {Kind(json)}, not an object");
    }

    /// <summary>Where it stands.</summary>
    public string Place => place;

    /// <summary>Its field "type".</summary>
    public string Type => Text("type");

    /// <summary>A field, or an undefined element where it is missing or null.</summary>
    public JsonElement Field(string name)
    {
        read.Add(name);
        return json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : default;
    }

    /// <summary>Whether a field is there and not null.</summary>
    public bool Has(string name) => Field(name).ValueKind != JsonValueKind.Undefined;

    /// <summary>A text.</summary>
    public string Text(string name, string? otherwise = null) => Field(name) switch
    {
        { ValueKind: JsonValueKind.String } value => value.GetString()!,
        { ValueKind: JsonValueKind.Undefined } when otherwise is not null => otherwise,
        var value => throw Wrong(name, value, "a text"),
    };

    /// <summary>A single character, or none where the field is missing.</summary>
    public char Character(string name, char otherwise)
    {
        string text = Text(name, otherwise.ToString());
        return text.Length == 1 ? text[0] : throw Fault($"has \"{name}\": \"{text}\", which is not one character");
    }

    /// <summary>True or false.</summary>
    public bool Flag(string name, bool otherwise) => Field(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.Undefined } => otherwise,
        var value => throw Wrong(name, value, "true or false"),
    };

    /// <summary>A whole number.</summary>
    public int Number(string name, int? otherwise = null)
    {
        var value = Field(name);
        if (value.ValueKind == JsonValueKind.Undefined && otherwise is { } told) return told;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)) return number;
        throw Wrong(name, value, "a whole number");
    }

    /// <summary>The elements of a list.</summary>
    public IEnumerable<JsonElement> List(string name)
    {
        var value = Field(name);
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(name, value, "a list");
    }

    /// <summary>The fields of an object.</summary>
    public IEnumerable<JsonProperty> Fields(string name)
    {
        var value = Field(name);
        return value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : throw Wrong(name, value, "an object");
    }

    /// <summary>An object within it.</summary>
    public JsonPart Part(string name) => new(Field(name), $"{place}.{name}");

    /// <summary>The objects of a list within it.</summary>
    public IEnumerable<JsonPart> Parts(string name) => List(name).Select((value, i) => new JsonPart(value, $"{place}.{name}[{i}]"));

    /// <summary>Ends the reading: what was not read is not understood.</summary>
    public void End()
    {
        var unread = json.EnumerateObject().Select(field => field.Name).Where(name => !read.Contains(name)).ToList();
        if (unread.Count > 0)
            throw Fault($"has \"{string.Join("\", \"", unread)}\", which is not understood; " +
                $"known here are {string.Join(", ", read.Order(StringComparer.Ordinal))}");
    }

    /// <summary>Ends the reading and hands on what was read.</summary>
    public T End<T>(T made)
    {
        End();
        return made;
    }

    /// <summary>An error that says where.</summary>
    public LowrankException Fault(string what) =>
        new($"{place} {what}. Is it the file of a newer kind of tokenizer? Tell us which.");

    /// <summary>An error for a kind of part that nobody knows.</summary>
    public LowrankException UnknownType(params string[] known) =>
        Fault($"is a \"{Type}\", which is not understood; known are {string.Join(", ", known)}");

    LowrankException Wrong(string name, JsonElement value, string wanted) =>
        Fault($"has {Kind(value)} for \"{name}\", where {wanted} belongs");

    static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => "nothing",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => value.GetRawText(),
    };
}
