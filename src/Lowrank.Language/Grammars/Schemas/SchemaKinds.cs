using System.Text.Json;

namespace Lowrank.Language;

/// <summary>What of JSON stands behind a schema's keywords.</summary>
static class SchemaKinds
{
    static readonly Dictionary<string, JsonValueKind> kinds = new(StringComparer.Ordinal)
    {
        ["$ref"] = JsonValueKind.String, ["pattern"] = JsonValueKind.String,
        ["properties"] = JsonValueKind.Object, ["required"] = JsonValueKind.Array, ["prefixItems"] = JsonValueKind.Array,
        ["minimum"] = JsonValueKind.Number, ["maximum"] = JsonValueKind.Number,
        ["exclusiveMinimum"] = JsonValueKind.Number, ["exclusiveMaximum"] = JsonValueKind.Number,
    };

    /// <summary>Refuses a schema in which something else stands behind a keyword.</summary>
    /// <param name="schema">An object.</param>
    /// <param name="place">Where it stands, for the message.</param>
    /// <exception cref="LowrankException">Names the keyword, what is there, and what is wanted.</exception>
    public static void Check(JsonElement schema, string place)
    {
        foreach (var one in schema.EnumerateObject())
            if (kinds.TryGetValue(one.Name, out var wanted) && one.Value.ValueKind != wanted) throw Fault(place, one, Told(wanted));
        if (!schema.TryGetProperty("required", out var names)) return;
        foreach (var name in names.EnumerateArray())
            if (name.ValueKind != JsonValueKind.String)
                throw new LowrankException($"the schema's {place} has {DataRow.Kind(name)} in \"required\", and names are wanted.");
    }

    static LowrankException Fault(string place, JsonProperty one, string wanted) =>
        new($"the schema's {place} has a \"{one.Name}\" that is {DataRow.Kind(one.Value)}, and {wanted} is wanted.");

    static string Told(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "a text",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => "a number",
    };
}
