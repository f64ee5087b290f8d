using System.Text.Json;

namespace Lowrank.Models;

/// <summary>Reads a published config.json field by field and reports every fault at once.</summary>
sealed class ConfigReader
{
    readonly string source;
    readonly JsonElement json;
    readonly string prefix = "";
    readonly List<string> faults = [];
    readonly HashSet<string> asked = [];

    /// <summary>A reader of an object that was read already.</summary>
    /// <param name="source">Where it comes from, for errors.</param>
    /// <param name="json">The object.</param>
    public ConfigReader(string source, JsonElement json)
    {
        this.source = source;
        this.json = json;
    }

    ConfigReader(ConfigReader outer, string field, JsonElement json) : this(outer.source, json)
    {
        prefix = $"{outer.prefix}{field}.";
        faults = outer.faults;
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="LowrankException">It is missing, or no JSON object.</exception>
    public static ConfigReader Open(string path) => new(path, JsonFile.Object(path));

    /// <summary>A whole number above zero; a missing one without default is a fault.</summary>
    public int Count(string field, int? absent = null)
    {
        if (Find(field) is not { } value) return absent ?? Fault(field, "is missing", 1);
        return Whole(value) is { } number and > 0 ? number : Fault(field, $"is {value}, and must be a whole number above zero", 1);
    }

    /// <summary>A whole number.</summary>
    public int Integer(string field, int absent)
    {
        if (Find(field) is not { } value) return absent;
        return Whole(value) ?? Fault(field, $"is {value}, and must be a whole number", absent);
    }

    /// <summary>A whole number, or null when the field is absent.</summary>
    public int? OptionalCount(string field) => Find(field) is null ? null : Count(field);

    /// <summary>A whole number above zero per level: a list of that length, or one number for all of them.</summary>
    public IReadOnlyList<int> PerLevel(string field, int levels, int? absent = null)
    {
        if (Find(field) is not { ValueKind: JsonValueKind.Array } list) return [.. Enumerable.Repeat(Count(field, absent), levels)];
        int?[] numbers = [.. list.EnumerateArray().Select(Whole)];
        if (numbers.Length == levels && numbers.All(n => n > 0)) return [.. numbers.Select(n => n!.Value)];
        int[] ones = [.. Enumerable.Repeat(1, levels)];
        return Fault<IReadOnlyList<int>>(field, $"is {list}, and must be {levels} whole numbers above zero, one a level", ones);
    }

    /// <summary>A list of whole numbers above zero.</summary>
    public IReadOnlyList<int> Counts(string field)
    {
        if (Find(field) is not { } value) return Fault<IReadOnlyList<int>>(field, "is missing", [1]);
        bool isList = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0;
        if (!isList || value.EnumerateArray().Any(n => Whole(n) is null or <= 0))
            return Fault<IReadOnlyList<int>>(field, $"is {value}, and must be a list of whole numbers above zero", [1]);
        return [.. value.EnumerateArray().Select(n => n.GetInt32())];
    }

    /// <summary>A finite number.</summary>
    public double Number(string field, double absent)
    {
        if (Find(field) is not { } value) return absent;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : Fault(field, $"is {value}, and must be a number", absent);
    }

    /// <summary>true or false.</summary>
    public bool Flag(string field, bool absent)
    {
        if (Find(field) is not { } value) return absent;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : Fault(field, $"is {value}, and must be true or false", absent);
    }

    /// <summary>One of the given words; absent or null gives the first.</summary>
    public string Word(string field, params string[] known)
    {
        if (Find(field) is not { } value) return known[0];
        return Known(field, value, known) ?? known[0];
    }

    /// <summary>One of the given words, or null when the field is absent or null.</summary>
    public string? OptionalWord(string field, params string[] known) => Find(field) is { } value ? Known(field, value, known) : null;

    /// <summary>A word of the given ones per level.</summary>
    public IReadOnlyList<string> Words(string field, int levels, params string[] known)
    {
        string[] first = [.. Enumerable.Repeat(known[0], levels)];
        if (Find(field) is not { } value) return Fault<IReadOnlyList<string>>(field, "is missing", first);
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != levels)
            return Fault<IReadOnlyList<string>>(field, $"is {value}, and must be a list of {levels}, one a level", first);
        return [.. value.EnumerateArray().Select(word => Known(field, word, known) ?? known[0])];
    }

    /// <summary>The object that a field holds, whose faults are told with this one's; null when the field is absent.</summary>
    public ConfigReader? Section(string field)
    {
        if (Find(field) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Object) return new(this, field, value);
        return Fault<ConfigReader?>(field, $"is {value}, and must be an object", null);
    }

    /// <summary>The names of this object's fields, in order.</summary>
    public IEnumerable<string> Fields => json.EnumerateObject().Select(property => property.Name);

    /// <summary>A finite number that must be there.</summary>
    public double Number(string field) => Has(field) ? Number(field, 1) : Fault(field, "is missing", 1.0);

    /// <summary>A finite number, or null when the field is absent.</summary>
    public double? OptionalNumber(string field) => Has(field) ? Number(field, 1) : null;

    /// <summary>A list of so many numbers.</summary>
    public IReadOnlyList<double> Numbers(string field, int count)
    {
        double[] ones = [.. Enumerable.Repeat(1.0, count)];
        if (Find(field) is not { } value) return Fault<IReadOnlyList<double>>(field, "is missing", ones);
        bool isList = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == count;
        if (!isList || value.EnumerateArray().Any(n => n.ValueKind != JsonValueKind.Number))
            return Fault<IReadOnlyList<double>>(field, $"is {value}, and must be a list of {count} numbers", ones);
        return [.. value.EnumerateArray().Select(n => n.GetDouble())];
    }

    /// <summary>Whole numbers: a list of them, one alone, or none where the field is absent.</summary>
    public IReadOnlyList<int> Integers(string field)
    {
        if (Find(field) is not { } value) return [];
        int?[] numbers = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(Whole)] : [Whole(value)];
        if (numbers.All(number => number is not null)) return [.. numbers.Select(number => number!.Value)];
        return Fault<IReadOnlyList<int>>(field, $"is {value}, and must be a whole number or a list of them", []);
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string field)
    {
        if (Find(field) is not { } value) return Fault<IReadOnlyList<string>>(field, "is missing", []);
        bool isList = value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String);
        if (!isList) return Fault<IReadOnlyList<string>>(field, $"is {value}, and must be a list of texts", []);
        return [.. value.EnumerateArray().Select(text => text.GetString()!)];
    }

    /// <summary>A text, or null when the field is absent.</summary>
    public string? Text(string field)
    {
        if (Find(field) is not { } value) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : Fault<string?>(field, $"is {value}, and must be a text", null);
    }

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string field) => Find(field) is not null;

    /// <summary>Whether the field is a text.</summary>
    public bool IsText(string field) => Find(field) is { ValueKind: JsonValueKind.String };

    /// <summary>Whether the field is there and null.</summary>
    public bool IsNull(string field) => json.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>
    /// One size for height and width: a number, or a list whose first entry is taken. It only says what a model was made for.
    /// </summary>
    public int SquareSize(string field, int absent)
    {
        if (Find(field) is not { ValueKind: JsonValueKind.Array } list) return Count(field, absent);
        return Whole(list.EnumerateArray().FirstOrDefault()) ?? absent;
    }

    /// <summary>
    /// A field that may only be absent, null, false or one of these numbers, because nothing here computes its other values.
    /// </summary>
    public void Only(string field, params double[] allowed)
    {
        if (Find(field) is not { } value || value.ValueKind == JsonValueKind.False) return;
        if (value.ValueKind == JsonValueKind.Number && allowed.Contains(value.GetDouble())) return;
        Fault(field, $"is {value}, which is not supported", 0);
    }

    /// <summary>Fields that mean nothing for the answer.</summary>
    public void Ignore(params string[] fields) => asked.UnionWith(fields);

    /// <summary>Adds a fault that concerns several fields.</summary>
    public void Require(bool holds, string otherwise)
    {
        if (!holds) faults.Add(otherwise);
    }

    /// <summary>Those of some fields that are set to something, though nobody asked for them, as "name (value)".</summary>
    /// <param name="fields">The fields.</param>
    public IEnumerable<string> NotAsked(IEnumerable<string> fields)
    {
        foreach (string field in fields)
            if (!asked.Contains(field) && json.TryGetProperty(field, out var value) && IsSet(value))
                yield return $"{field} ({value.GetRawText()})";

        static bool IsSet(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.String
            || value.ValueKind == JsonValueKind.Number && value.GetDouble() is not (0 or 1);
    }

    /// <summary>Ends the reading: fields that nobody asked for and that are set are faults too, since they may change the answer.</summary>
    /// <param name="strict">Whether unknown fields are faults.</param>
    /// <exception cref="LowrankException">Lists every fault.</exception>
    public void Finish(bool strict)
    {
        if (strict)
            foreach (var property in json.EnumerateObject())
                if (!property.Name.StartsWith('_') && !asked.Contains(property.Name)
                    && property.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
                    faults.Add($"{property.Name} is {property.Value}, a field that is not known here and may change the answer");
        if (faults.Count > 0) throw new LowrankException($"{source} describes a model that cannot be built: {string.Join("; ", faults)}.");
    }

    JsonElement? Find(string field)
    {
        asked.Add(field);
        return json.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    string? Known(string field, JsonElement value, string[] known)
    {
        if (value.ValueKind == JsonValueKind.String && known.Contains(value.GetString())) return value.GetString();
        string verb = known.Length == 1 ? "is" : "are";
        return Fault<string?>(field, $"is {value.GetRawText()}; known {verb} {string.Join(", ", known)}", null);
    }

    static int? Whole(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : null;

    T Fault<T>(string field, string what, T instead)
    {
        faults.Add($"{prefix}{field} {what}");
        return instead;
    }
}
