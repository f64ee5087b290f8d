using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Lowrank.Language;

/// <summary>
/// JSON schemas as grammars: the properties of an object in the schema's order, white space free between parts. A keyword that answers
/// cannot be held to is an error; one that says nothing of the form (<c>title</c>) is passed over, and what is held less strictly is noted.
/// </summary>
public sealed class JsonSchemaGrammar
{
    static readonly HashSet<string> silent =
    [
        "$schema", "$id", "$defs", "definitions", "$comment", "$anchor", "title", "description", "default", "examples", "example",
        "deprecated", "readOnly", "writeOnly",
    ];

    static readonly Dictionary<string, HashSet<string>> keywords = new()
    {
        ["object"] = ["properties", "required", "additionalProperties"],
        ["array"] = ["items", "prefixItems", "minItems", "maxItems"],
        ["string"] = ["minLength", "maxLength", "pattern"],
        ["integer"] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
        ["number"] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
        ["boolean"] = [],
        ["null"] = [],
    };

    const string AnyValue = "any-value";

    readonly JsonElement whole;
    readonly Dictionary<string, GrammarNode> rules = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> references = new(StringComparer.Ordinal);
    readonly List<string> notes = [];

    JsonSchemaGrammar(JsonElement schema) => whole = schema;

    /// <summary>The grammar of a schema.</summary>
    /// <exception cref="LowrankException">It is no schema, or has what answers cannot be held to; the message says where.</exception>
    public static SchemaGrammar Of(JsonElement schema)
    {
        try
        {
            return RoomyStack.Run(() => Read(schema));
        }
        catch (InsufficientExecutionStackException error)
        {
            throw new LowrankException("the schema's parts, or the letters of its names, are too many to be read. Use fewer.", error);
        }
    }

    static SchemaGrammar Read(JsonElement schema)
    {
        var reader = new JsonSchemaGrammar(schema);
        reader.rules["root"] = GrammarNode.Nothing;
        reader.rules["root"] = reader.Value(schema, "#");
        return new(new(reader.rules), reader.notes);
    }

    /// <summary>The grammar of any JSON value.</summary>
    public static Grammar AnyJson() => Of(JsonDocument.Parse("{}").RootElement).Grammar;

    GrammarNode Value(JsonElement schema, string place)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (schema.ValueKind == JsonValueKind.True) return Any();
        if (schema.ValueKind == JsonValueKind.False)
            throw new LowrankException($"the schema's {place} is false: no answer is right there.");
        if (schema.ValueKind != JsonValueKind.Object)
            throw new LowrankException($"the schema's {place} is {DataRow.Kind(schema)}, and an object is wanted.");
        SchemaKinds.Check(schema, place);
        if (schema.TryGetProperty("$ref", out var reference)) return Reference(schema, reference, place);
        if (schema.TryGetProperty("const", out var constant)) return Alone(schema, place, "const", Literal(constant));
        if (schema.TryGetProperty("enum", out var choices)) return Alone(schema, place, "enum", Choices(choices, place));
        foreach (string word in new[] { "anyOf", "oneOf", "allOf" })
            if (schema.TryGetProperty(word, out var parts)) return Alone(schema, place, word, Combined(word, parts, place));
        return Typed(schema, place);
    }

    GrammarNode Reference(JsonElement schema, JsonElement reference, string place)
    {
        string target = reference.GetString() ?? "";
        if (!references.TryGetValue(target, out string? name))
        {
            references[target] = name = $"ref-{references.Count + 1}";
            rules[name] = GrammarNode.Nothing;
            rules[name] = Value(Found(target, place), target);
        }
        return Alone(schema, place, "$ref", new GrammarReference(name));
    }

    JsonElement Found(string target, string place)
    {
        var at = whole;
        if (!target.StartsWith('#'))
            throw new LowrankException($"the schema's {place} refers to \"{target}\", which is not in the schema. Put it under $defs.");
        foreach (string part in target[1..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            string name = part.Replace("~1", "/").Replace("~0", "~");
            bool isThere = at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out at);
            if (!isThere) throw new LowrankException($"the schema's {place} refers to \"{target}\", and there is no \"{name}\" in it.");
        }
        return at;
    }

    GrammarNode Alone(JsonElement schema, string place, string word, GrammarNode node)
    {
        // "type" beside an enum says nothing more of literals.
        Refuse(schema, place, [word, "type"], $"beside \"{word}\"");
        return node;
    }

    void Refuse(JsonElement schema, string place, IReadOnlyCollection<string> known, string where)
    {
        foreach (var one in schema.EnumerateObject())
        {
            if (known.Contains(one.Name) || silent.Contains(one.Name)) continue;
            if (one.Name == "format") notes.Add($"{place}: \"format\": {one.Value} is not held; use \"pattern\" for it");
            else
                throw new LowrankException($"the schema's {place} has \"{one.Name}\" {where}, which answers cannot be held to. " +
                    "Leave it out, or write it otherwise.");
        }
    }

    static GrammarNode Choices(JsonElement choices, string place)
    {
        bool hasChoices = choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0;
        if (!hasChoices) throw new LowrankException($"the schema's {place} has an \"enum\" without choices.");
        return GrammarNode.Choice([.. choices.EnumerateArray().Select(Literal)]);
    }

    static GrammarNode Literal(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => GrammarNode.Text("\"" + JsonParts.Escaped(value.GetString()!) + "\""),
        JsonValueKind.Object => JsonParts.Braces(Joined(value.EnumerateObject().Select(one =>
            GrammarNode.Sequence(GrammarNode.Text("\"" + JsonParts.Escaped(one.Name) + "\""), JsonParts.Colon, Literal(one.Value))))),
        JsonValueKind.Array => JsonParts.Brackets(Joined(value.EnumerateArray().Select(Literal))),
        _ => GrammarNode.Text(value.GetRawText()),
    };

    static GrammarNode Joined(IEnumerable<GrammarNode> parts) =>
        GrammarNode.Sequence([.. parts.SelectMany((part, at) => at == 0 ? [part] : new[] { JsonParts.Comma, part })]);

    GrammarNode Combined(string word, JsonElement parts, string place)
    {
        int count = parts.ValueKind == JsonValueKind.Array ? parts.GetArrayLength() : 0;
        if (count == 0) throw new LowrankException($"the schema's {place} has a \"{word}\" without parts.");
        if (word == "allOf" && count > 1)
            throw new LowrankException($"the schema's {place} has an \"allOf\" of {count} parts, which answers cannot be held to. " +
                "Write them as one.");
        if (word == "oneOf" && count > 1) notes.Add($"{place}: \"oneOf\" is held as \"anyOf\": that only one part fits is not checked");
        return GrammarNode.Choice([.. parts.EnumerateArray().Select((part, at) => Value(part, $"{place}/{word}/{at}"))]);
    }

    GrammarNode Typed(JsonElement schema, string place)
    {
        List<string> types = Types(schema, place);
        var known = types.SelectMany(type => keywords[type]).Append("type").ToHashSet();
        Refuse(schema, place, known, $"of type {string.Join(", ", types)}");
        if (!schema.TryGetProperty("type", out _) && types.Count == keywords.Count) return Any();
        return GrammarNode.Choice([.. types.Select(type => OfType(type, schema, place))]);
    }

    // Without a type the keywords tell it.
    static List<string> Types(JsonElement schema, string place)
    {
        if (!schema.TryGetProperty("type", out var type))
        {
            var told = keywords.Where(pair => pair.Key != "number" && pair.Value.Any(word => schema.TryGetProperty(word, out _)))
                .Select(pair => pair.Key).ToList();
            return told.Count > 0 ? told : [.. keywords.Keys];
        }
        List<string> types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.ToString())]
            : [type.ToString()];
        string? unknown = types.FirstOrDefault(one => !keywords.ContainsKey(one));
        if (unknown is null && types.Count > 0) return types;
        throw new LowrankException($"the schema's {place} has the type \"{unknown}\". Known are: {string.Join(", ", keywords.Keys)}.");
    }

    GrammarNode OfType(string type, JsonElement schema, string place) => type switch
    {
        "object" => Object(schema, place),
        "array" => Array(schema, place),
        "string" => Text(schema, place),
        "integer" => Integer(schema),
        "number" => Number(schema, place),
        "boolean" => JsonParts.Boolean,
        _ => JsonParts.Null,
    };

    static GrammarNode Integer(JsonElement schema) => IntegerRange.Of(
        Bound(schema, "minimum", "exclusiveMinimum", 1), Bound(schema, "maximum", "exclusiveMaximum", -1));

    static GrammarNode Number(JsonElement schema, string place)
    {
        var bounds = keywords["number"].Where(word => schema.TryGetProperty(word, out _)).ToList();
        if (bounds.Count == 0) return JsonParts.Number;
        bool isNotNegative = bounds is ["minimum"] && schema.GetProperty("minimum").GetDouble() == 0;
        if (isNotNegative) return JsonParts.NotNegativeNumber;
        throw new LowrankException($"the schema's {place} bounds a number by {string.Join(", ", bounds)}, " +
            "which answers cannot be held to, but for a minimum of 0. Use an integer.");
    }

    static BigInteger? Bound(JsonElement schema, string word, string exclusive, int inward)
    {
        var bounds = new List<BigInteger>();
        if (schema.TryGetProperty(word, out var bound)) bounds.Add(Whole(bound, inward > 0));
        if (schema.TryGetProperty(exclusive, out var open))
        {
            var whole = Whole(open, inward > 0);
            // A fraction is passed by rounding already.
            bool isWhole = open.GetDouble() == Math.Floor(open.GetDouble());
            bounds.Add(isWhole ? whole + inward : whole);
        }
        if (bounds.Count == 0) return null;
        return inward > 0 ? bounds.Max() : bounds.Min();
    }

    static BigInteger Whole(JsonElement bound, bool upwards)
    {
        if (bound.TryGetInt64(out long whole)) return whole;
        double value = bound.GetDouble();
        return new BigInteger(upwards ? Math.Ceiling(value) : Math.Floor(value));
    }

    static GrammarNode Text(JsonElement schema, string place)
    {
        int? least = Count(schema, place, "minLength"), most = Count(schema, place, "maxLength");
        if (!schema.TryGetProperty("pattern", out var pattern)) return JsonParts.String(least ?? 0, most);
        if (least is not null || most is not null)
            throw new LowrankException($"the schema's {place} has a \"pattern\" and a length, which answers cannot be held to at once. " +
                "Put the length into the pattern.");
        return JsonParts.Quoted(PatternGrammar.Of(pattern.GetString()!, place));
    }

    GrammarNode Array(JsonElement schema, string place)
    {
        int least = Count(schema, place, "minItems") ?? 0;
        int? most = Count(schema, place, "maxItems");
        List<GrammarNode> first = schema.TryGetProperty("prefixItems", out var given)
            ? [.. given.EnumerateArray().Select((item, at) => Value(item, $"{place}/prefixItems/{at}"))] : [];
        bool hasMore = !schema.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.False;
        GrammarNode item = hasMore ? Rule(items.ValueKind == JsonValueKind.Undefined ? Any() : Value(items, $"{place}/items"))
            : GrammarNode.Nothing;
        if (!hasMore) most = Math.Min(most ?? first.Count, first.Count);
        if (most < least) throw new LowrankException($"the schema's {place} wants at least {least} items, and allows {most}.");
        if (first.Count == 0) return JsonParts.Brackets(JsonParts.List(item, least, most));
        return JsonParts.Brackets(Prefixed(first, item, least, most));
    }

    // Items of their own kinds first, each optional from the least count on, then those that are alike.
    static GrammarNode Prefixed(List<GrammarNode> first, GrammarNode item, int least, int? most)
    {
        int own = Math.Min(first.Count, most ?? first.Count);
        GrammarNode rest = most == own ? GrammarNode.Nothing
            : new GrammarRepetition(GrammarNode.Sequence(JsonParts.Comma, item), Math.Max(0, least - own), most - own);
        for (int at = own - 1; at >= 0; at--)
        {
            var one = GrammarNode.Sequence(at == 0 ? GrammarNode.Nothing : JsonParts.Comma, first[at], rest);
            rest = at < least ? one : new GrammarRepetition(one, 0, 1);
        }
        return rest;
    }

    GrammarNode Object(JsonElement schema, string place)
    {
        List<JsonProperty> properties = schema.TryGetProperty("properties", out var given) ? [.. given.EnumerateObject()] : [];
        HashSet<string> required = schema.TryGetProperty("required", out var wanted)
            ? [.. wanted.EnumerateArray().Select(one => one.GetString()!)] : [];
        bool isOpen = !schema.TryGetProperty("additionalProperties", out var additional) || additional.ValueKind != JsonValueKind.False;
        var missing = required.Except(properties.Select(one => one.Name)).ToList();
        if (missing.Count > 0)
            throw new LowrankException($"the schema's {place} requires {string.Join(", ", missing)}, " +
                "and its \"properties\" do not say what they are.");
        var pairs = properties.Select(one => (Node: Rule(Pair(one, place)), IsRequired: required.Contains(one.Name))).ToList();
        GrammarNode? more = isOpen ? More(properties, additional, place) : null;
        return JsonParts.Braces(new ObjectRules(rules, pairs, more).From(0, isFirst: true));
    }

    GrammarNode Pair(JsonProperty property, string place) => GrammarNode.Sequence(
        GrammarNode.Text("\"" + JsonParts.Escaped(property.Name) + "\""), JsonParts.Colon,
            Value(property.Value, $"{place}/properties/{property.Name}"));

    GrammarReference More(List<JsonProperty> properties, JsonElement additional, string place)
    {
        var value = additional.ValueKind is JsonValueKind.Undefined ? Any() : Value(additional, $"{place}/additionalProperties");
        return Rule(GrammarNode.Sequence(JsonParts.StringBut(properties.Select(one => one.Name)), JsonParts.Colon, value));
    }

    static int? Count(JsonElement schema, string place, string word)
    {
        if (!schema.TryGetProperty(word, out var count)) return null;
        bool isCount = count.ValueKind == JsonValueKind.Number && count.TryGetInt32(out int number) && number >= 0;
        return isCount ? count.GetInt32()
            : throw new LowrankException($"the schema's {place} has the \"{word}\" {count}, and a count is wanted.");
    }

    GrammarReference Rule(GrammarNode node)
    {
        string name = $"part-{rules.Count}";
        rules[name] = node;
        return new(name);
    }

    GrammarReference Any()
    {
        var any = new GrammarReference(AnyValue);
        if (rules.ContainsKey(AnyValue)) return any;
        rules[AnyValue] = GrammarNode.Nothing;
        var pair = GrammarNode.Sequence(JsonParts.String(), JsonParts.Colon, any);
        rules[AnyValue] = GrammarNode.Choice(
            JsonParts.Braces(JsonParts.List(pair, 0, null)), JsonParts.Brackets(JsonParts.List(any, 0, null)),
            JsonParts.String(), JsonParts.Number, JsonParts.Boolean, JsonParts.Null);
        return any;
    }
}
