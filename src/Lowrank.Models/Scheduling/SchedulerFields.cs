using System.Text.Json;

namespace Lowrank.Models;

/// <summary>The fields of a scheduler_config.json; one that is absent or null takes the value that is given for it.</summary>
/// <param name="json">The object.</param>
readonly struct SchedulerFields(JsonElement json)
{
    /// <summary>A finite number.</summary>
    public double Number(string name, double absent) => Find(name) is { } value ? Real(name, value) : absent;

    /// <summary>A number, or an infinity in the words that Python writes bare: "-Infinity".</summary>
    public double Unbounded(string name, double absent) => Find(name) switch
    {
        null => absent,
        { ValueKind: JsonValueKind.String } text when text.GetString() == "-Infinity" => double.NegativeInfinity,
        { ValueKind: JsonValueKind.String } text when text.GetString() == "Infinity" => double.PositiveInfinity,
        { } value => Real(name, value),
    };

    /// <summary>A number; null where the field is absent or something else.</summary>
    public double? OptionalNumber(string name) => Find(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    /// <summary>A list of finite numbers; null where the field is absent or something else.</summary>
    public IReadOnlyList<double>? Numbers(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(value => Real(name, value))] : null;

    /// <summary>true or false.</summary>
    public bool Flag(string name, bool absent)
    {
        if (Find(name) is not { } value) return absent;
        bool isFlag = value.ValueKind is JsonValueKind.True or JsonValueKind.False;
        return isFlag ? value.GetBoolean() : throw Unfit(name, value, "true or false");
    }

    /// <summary>A word.</summary>
    public string Text(string name, string absent)
    {
        if (Find(name) is not { } value) return absent;
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Unfit(name, value, "a word");
    }

    /// <summary>What the network predicts; the noise where the field is absent.</summary>
    public PredictionType Prediction(string name) => Text(name, "epsilon") switch
    {
        "epsilon" => PredictionType.Epsilon,
        "v_prediction" => PredictionType.Velocity,
        "sample" or "original_sample" => PredictionType.Sample,
        var other => throw new LowrankException($"{name} is \"{other}\". Known are epsilon, v_prediction and sample."),
    };

    /// <summary>How steps are spread.</summary>
    public TimestepSpacing Spacing(string name, string absent) => Text(name, absent) switch
    {
        "leading" => TimestepSpacing.Leading,
        "linspace" => TimestepSpacing.Linspace,
        "trailing" => TimestepSpacing.Trailing,
        var other => throw new LowrankException($"{name} is \"{other}\". Known are leading, linspace and trailing."),
    };

    JsonElement? Find(string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    static double Real(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)) return number;
        throw Unfit(name, value, "a number");
    }

    static LowrankException Unfit(string name, JsonElement value, string kind) =>
        new($"{name} is {value.GetRawText()}, and must be {kind}.");
}
