using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>
/// What kind of value a field of adapter_config.json has: one that is no such value is refused, and not taken for the default.
/// </summary>
static class PeftFieldTypes
{
    static readonly string[] switches =
    [
        "use_rslora", "use_dora", "fan_in_fan_out", "lora_bias", "inference_mode", "rank_dropout_scale", "use_effective_conv2d",
        "decompose_both",
    ];

    static readonly string[] words = ["target_modules", "exclude_modules", "feedforward_modules", "layers_pattern"];

    /// <summary>One sentence for each field whose value is of another kind.</summary>
    public static IEnumerable<string> Faults(JsonElement config, PeftType type)
    {
        foreach (var field in config.EnumerateObject())
        {
            bool isPattern = type.Patterns.Any(p => p.Pattern == field.Name);
            if (isPattern && field.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var entry in field.Value.EnumerateObject())
                    if (!IsNumber(entry.Value)) yield return Told($"{field.Name} of \"{entry.Name}\"", entry.Value, "a number");
            }
            else if (isPattern && field.Value.ValueKind != JsonValueKind.Null)
            {
                yield return Told(field.Name, field.Value, "an object of numbers");
            }
            else if (WantedOf(field.Name, field.Value, type) is { } wanted)
            {
                yield return Told(field.Name, field.Value, wanted);
            }
        }
    }

    // What a field should be and is not; null where it is, or may be anything.
    static string? WantedOf(string name, JsonElement value, PeftType type)
    {
        bool isScale = name == type.Alpha || name == type.Rank;
        if (isScale) return IsNumber(value) ? null : "a number";
        if (value.ValueKind == JsonValueKind.Null || (Kind.Of(name) ?? Kind.OfArgument(name, type)) is not { } kind) return null;
        return kind.Holds(value) ? null : kind.Name;
    }

    // A kind of values by its name in a sentence.
    sealed record Kind(string Name, Func<JsonElement, bool> Holds)
    {
        static readonly Kind number = new(MethodArgument.ANumber, IsNumber);
        static readonly Kind whole = new(MethodArgument.AWhole, value => IsNumber(value) && double.IsInteger(value.GetDouble()));
        static readonly Kind word = new(MethodArgument.AWord, value => value.ValueKind == JsonValueKind.String);
        static readonly Kind isSwitch = new(MethodArgument.ASwitch, value => value.ValueKind is JsonValueKind.True or JsonValueKind.False);
        static readonly Kind list = new("a list", value => value.ValueKind == JsonValueKind.Array);
        static readonly Kind numbers = new("a list", value => list.Holds(value) || IsNumber(value));
        static readonly Kind tokens =
            new("a list of a tokenizer's ids", value => list.Holds(value) && value.EnumerateArray().All(IsToken));
        static readonly Kind names =
            new("a word or a list of words", value => value.ValueKind is JsonValueKind.Array or JsonValueKind.String);

        static bool IsToken(JsonElement value) => whole.Holds(value) && value.GetDouble() is >= 0 and <= int.MaxValue;

        public static Kind? Of(string field) => field switch
        {
            _ when field.EndsWith("_dropout", StringComparison.Ordinal) => number,
            _ when switches.Contains(field) => isSwitch,
            "modules_to_save" => list,
            "layers_to_transform" => numbers,
            "alora_invocation_tokens" => tokens,
            _ when words.Contains(field) => names,
            _ => null,
        };

        // The method's own argument of that field. How training began may be a word for one method of PEFT and a switch for another.
        public static Kind? OfArgument(string field, PeftType type)
        {
            if (field == "init_weights") return null;
            var argument = Methods.Named(type.Method).Arguments.FirstOrDefault(a => type.Fields.GetValueOrDefault(a.Name, a.Name) == field);
            return new[] { number, whole, word, isSwitch }.FirstOrDefault(kind => kind.Name == argument?.Kind);
        }
    }

    static bool IsNumber(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number);

    static string Told(string name, JsonElement value, string wanted)
    {
        string kind = value.ValueKind switch
        {
            JsonValueKind.String => "a text",
            JsonValueKind.Array => "a list",
            JsonValueKind.Object => "an object",
            JsonValueKind.True or JsonValueKind.False => "a switch",
            JsonValueKind.Number when !IsNumber(value) => "a number out of range",
            JsonValueKind.Number => "a number",
            _ => "nothing",
        };
        return $"{name} in adapter_config.json is {value.GetRawText()}, {kind}, and should be {wanted}";
    }
}
