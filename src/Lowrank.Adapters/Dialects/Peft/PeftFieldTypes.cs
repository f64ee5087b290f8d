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

    static readonly string[] lists = ["modules_to_save", "layers_to_transform"];

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
        var kind = value.ValueKind;
        if (name == type.Alpha || name == type.Rank) return IsNumber(value) ? null : "a number";
        if (kind == JsonValueKind.Null) return null;
        if (name.EndsWith("_dropout", StringComparison.Ordinal)) return IsNumber(value) ? null : "a number";
        if (switches.Contains(name)) return kind is JsonValueKind.True or JsonValueKind.False ? null : "true or false";
        if (lists.Contains(name))
            return kind is JsonValueKind.Array || IsNumber(value) && name != "modules_to_save" ? null : "a list";
        if (words.Contains(name)) return kind is JsonValueKind.Array or JsonValueKind.String ? null : "a word or a list of words";
        return null;
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
            JsonValueKind.Number => "a number out of range",
            _ => "nothing",
        };
        return $"{name} in adapter_config.json is {value.GetRawText()}, {kind}, and should be {wanted}";
    }
}
