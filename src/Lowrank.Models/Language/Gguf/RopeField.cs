using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>The rotary embedding: its base, how much of a head turns, and how it is stretched.</summary>
sealed class RopeField : GgufField
{
    /// <summary>Tensors that are divisors of frequencies, a number for each pair of a head's numbers.</summary>
    public const string Divisors = "rope_freqs.weight", ShortDivisors = "rope_factors_short.weight",
        LongDivisors = "rope_factors_long.weight";

    const string Scaling = "rope.scaling.", Original = Scaling + "original_context_length";

    /// <summary>Whether layers that slide have a base of their own.</summary>
    public bool HasLocalBase { get; init; }

    /// <summary>Whether the base is written: what llama.cpp knows of a family it does not.</summary>
    public bool IsWritten { get; init; } = true;

    /// <summary>Whether its stretch is written; else another field does.</summary>
    public bool IsStretchWritten { get; init; } = true;

    public override void Read(GgufKeys from, JsonObject config)
    {
        if (from.Number("rope.freq_base") is { } theta) config["rope_theta"] = theta;
        if (HasLocalBase && from.Number("rope.freq_base_swa") is { } local) config["rope_local_base_freq"] = local;
        if (Stretch(from) is { } stretch) config["rope_scaling"] = stretch;
    }

    public override void Write(GgufSource source)
    {
        if (!IsWritten)
        {
            TellLost(source);
            return;
        }
        if (IsStretchWritten) WriteStretch(source);
        if (source.RopeNumber("rope_theta") is { } theta) source.Add("rope.freq_base", theta);
        if (HasLocalBase && source.LocalBase is { } local) source.Add("rope.freq_base_swa", local);
    }

    // What llama.cpp takes where a file has no base.
    const double PlainBase = 10_000;

    static void TellLost(GgufSource source)
    {
        if (source.RopeNumber("rope_theta") is { } theta and not PlainBase)
            source.Notes.Add($"rope_theta is {PlainValue.Text(theta)}, which GGUF files of this architecture do not hold: llama.cpp " +
                $"turns by {PlainValue.Text(PlainBase)}.");
        if (source.RopeType is { } type and not "default")
            source.Notes.Add($"the rotary embedding is of the kind {type}, which GGUF files of this architecture do not hold: llama.cpp " +
                "turns in the plain way.");
    }

    static void WriteStretch(GgufSource source)
    {
        double? factor = source.RopeNumber("factor");
        switch (source.RopeType)
        {
            case "linear" or "yarn" when factor is null:
                throw source.Fault($"a rotary embedding of the kind {source.RopeType} has no factor.");
            case "linear":
                source.Add(Scaling + "type", "linear");
                source.Add(Scaling + "factor", factor!.Value);
                break;
            case "yarn":
                source.Add(Scaling + "type", "yarn");
                source.Add(Scaling + "factor", factor!.Value);
                double? original = source.RopeNumber("original_max_position_embeddings");
                source.Add(Original, (int)(original ?? source.Needed("max_position_embeddings")));
                foreach (var (field, key) in yarnNumbers)
                    if (source.RopeNumber(field) is { } number) source.Add(Scaling + key, number);
                break;
            case "llama3":
                source.AddTable(Divisors, Llama3Divisors.Of(source));
                break;
            case null or "default" or "mrope":
                break;
            case "dynamic":
                source.Notes.Add("the rotary embedding is of the kind dynamic, which GGUF files do not hold: rows longer than " +
                    $"{source.Needed("max_position_embeddings")} tokens are turned otherwise than by the folder's model.");
                break;
            case var other:
                throw source.Fault($"a rotary embedding of the kind {other} is not held by GGUF files of this architecture, which would " +
                    "turn queries and keys in the plain way.");
        }
    }

    static readonly (string Field, string Key)[] yarnNumbers =
        [("attention_factor", "yarn_attn_factor"), ("beta_fast", "yarn_beta_fast"), ("beta_slow", "yarn_beta_slow")];

    static JsonObject? Stretch(GgufKeys from)
    {
        var told = Told(from);
        // Divisors are what a longrope has, here for rows of all lengths; its own magnitude is for those of longrope alone.
        if (from.Table(Divisors) is { } divisors) return Long(divisors, divisors, told.Magnitude ?? 1, told.Original ?? 1);
        if (from.Table(ShortDivisors) is { } shortOnes && from.Table(LongDivisors) is { } longOnes)
        {
            from.Require(told.Original is not null, $"{from.Architecture}.{Original} is missing, which {LongDivisors} asks for");
            return Long(shortOnes, longOnes, told.Magnitude, told.Original ?? 1);
        }
        return told.Type switch
        {
            null or "none" => null,
            "linear" => new() { ["rope_type"] = "linear", ["factor"] = told.Factor },
            "yarn" => Yarn(told, from),
            _ => Unknown(told.Type, from),
        };
    }

    sealed record Given(string? Type, double? Factor, double? Original, double? Magnitude);

    static Given Told(GgufKeys from)
    {
        double? factor = from.Number(Scaling + "factor"), former = from.Number("rope.scale_linear");
        string? type = from.Text(Scaling + "type") ?? (former is { } scale and not (0 or 1) ? "linear" : null);
        double? magnitude = from.Number(Scaling + "attn_factor") ?? from.Number(Scaling + "yarn_attn_factor");
        return new(type, factor ?? former, from.Count(Original), magnitude);
    }

    static JsonObject Long(double[] shortOnes, double[] longOnes, double? magnitude, double original) => new()
    {
        ["rope_type"] = "longrope", ["short_factor"] = Numbers(shortOnes), ["long_factor"] = Numbers(longOnes),
        ["original_max_position_embeddings"] = original, ["attention_factor"] = magnitude,
    };

    static JsonObject Yarn(Given told, GgufKeys from) => new()
    {
        ["rope_type"] = "yarn", ["factor"] = told.Factor, ["original_max_position_embeddings"] = told.Original,
        ["beta_fast"] = from.Number(Scaling + "yarn_beta_fast"), ["beta_slow"] = from.Number(Scaling + "yarn_beta_slow"),
        ["attention_factor"] = told.Magnitude,
    };

    static JsonObject? Unknown(string type, GgufKeys from)
    {
        from.Require(false, $"{from.Architecture}.{Scaling}type is \"{type}\"; known are none, linear, yarn and longrope with its factors");
        return null;
    }

    static JsonArray Numbers(double[] numbers) => [.. numbers.Select(number => (JsonNode)number)];
}
