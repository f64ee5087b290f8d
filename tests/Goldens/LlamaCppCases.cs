using System.Globalization;
using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>llama.cpp's samplers and chains as cases name them.</summary>
static class LlamaCppCases
{
    static readonly Dictionary<string, LlamaStep> steps = new()
    {
        ["penalties"] = LlamaStep.Penalties, ["dry"] = LlamaStep.Dry, ["top_n_sigma"] = LlamaStep.TopNSigma, ["top_k"] = LlamaStep.TopK,
        ["typ_p"] = LlamaStep.TypicalP, ["top_p"] = LlamaStep.TopP, ["min_p"] = LlamaStep.MinP, ["xtc"] = LlamaStep.Xtc,
        ["temperature"] = LlamaStep.Temperature, ["infill"] = LlamaStep.Infill,
    };

    public static CandidateSampler Sampler(GoldenCase golden)
    {
        var given = golden["parameters"];
        float Number(string name) => Single(given.GetProperty(name));
        int Integer(string name) => given.GetProperty(name).GetInt32();
        return golden["sampler"].GetString() switch
        {
            "top_k" => new LlamaTopK(Integer("k")),
            "top_p" => new LlamaTopP(Number("p"), Integer("min_keep")),
            "min_p" => new LlamaMinP(Number("p"), Integer("min_keep")),
            "typical" => new LlamaTypical(Number("p"), Integer("min_keep")),
            "top_n_sigma" => new LlamaTopSigma(Number("n")),
            "temp" => new LlamaTemperature(Number("temp")),
            "temp_ext" => new LlamaTemperature(Number("temp"), Number("delta"), Number("exponent")),
            "xtc" => new LlamaXtc(Number("probability"), Number("threshold"), Integer("min_keep"), Integer("seed")),
            "penalties" => new LlamaPenalties(Integer("last_n"), Number("repeat"), Number("freq"), Number("present")),
            _ => Chooser(golden, given, Number, Integer),
        };
    }

    static CandidateSampler Chooser(GoldenCase golden, JsonElement given, Func<string, float> number, Func<string, int> integer) =>
        golden["sampler"].GetString() switch
        {
            "logit_bias" => new LlamaLogitBias([.. given.GetProperty("bias").EnumerateArray().Select(pair => (pair[0].GetInt32(), Single(pair[1])))]),
            "greedy" => new LlamaGreedy(),
            "dist" => new LlamaDraw(integer("seed")),
            "mirostat" => new LlamaMirostat(integer("seed"), number("tau"), number("eta"), integer("n_vocab"), integer("m")),
            "mirostat_v2" => new LlamaMirostat2(integer("seed"), number("tau"), number("eta")),
            "adaptive_p" => new LlamaAdaptive(integer("seed"), number("target"), number("decay")),
            "dry" => Dry(golden, given, number, integer),
            "infill" => Vocabulary(golden) is var vocabulary ? new LlamaInfill(vocabulary.Texts, vocabulary.EndOfText) : null!,
            var other => throw Golden.NotCovered($"sampler {other}"),
        };

    static LlamaDry Dry(GoldenCase golden, JsonElement given, Func<string, float> number, Func<string, int> integer)
    {
        var vocabulary = Vocabulary(golden);
        string[] breakers = [.. given.GetProperty("sequence_breakers").EnumerateArray().Select(one => one.GetString()!)];
        return new(number("multiplier"), number("base"), integer("allowed_length"), integer("penalty_last_n"), breakers, vocabulary.Texts,
            text => [Array.IndexOf(vocabulary.Pieces, "\u2581" + text)]);
    }

    static GgufVocabulary Vocabulary(GoldenCase golden) => new(Path.Combine(golden.Group.Folder, golden["vocabulary"].GetString()!));

    public static List<CandidateSampler> Chain(GoldenCase golden)
    {
        var options = new LlamaCppOptions();
        // A case's chain is written out, its draw last.
        options = options with { Order = [.. golden["order"].EnumerateArray().Select(one => one.GetString()!).Where(step => step != "dist").Select(step => steps[step])] };
        foreach (var one in golden["parameters"].EnumerateObject()) options = With(options, one.Name, one.Value);
        return LlamaCppChain.Of(options with { DryBreakers = [] }, golden["seed"].GetInt64());
    }

    static LlamaCppOptions With(LlamaCppOptions options, string name, JsonElement value) => name switch
    {
        "temp" => options with { Temperature = Single(value) },
        "top_k" => options with { TopK = value.GetInt32() },
        "top_p" => options with { TopP = Single(value) },
        "min_p" => options with { MinP = Single(value) },
        "typ_p" => options with { TypicalP = Single(value) },
        "top_n_sigma" => options with { TopNSigma = Single(value) },
        "xtc_probability" => options with { XtcProbability = Single(value) },
        "xtc_threshold" => options with { XtcThreshold = Single(value) },
        "dynatemp_range" => options with { DynamicRange = Single(value) },
        "dynatemp_exponent" => options with { DynamicExponent = Single(value) },
        _ => WithPenalty(options, name, value),
    };

    static LlamaCppOptions WithPenalty(LlamaCppOptions options, string name, JsonElement value) => name switch
    {
        "penalty_last_n" => options with { PenaltyLast = value.GetInt32() },
        "penalty_repeat" => options with { PenaltyRepeat = Single(value) },
        "penalty_freq" => options with { PenaltyFrequency = Single(value) },
        "penalty_present" => options with { PenaltyPresence = Single(value) },
        "dry_multiplier" => options with { DryMultiplier = Single(value) },
        "dry_base" => options with { DryBase = Single(value) },
        "dry_allowed_length" => options with { DryAllowedLength = value.GetInt32() },
        "dry_penalty_last_n" => options with { DryLast = value.GetInt32() },
        "min_keep" => options with { MinKeep = value.GetInt32() },
        _ => throw Golden.NotCovered($"parameter {name}"),
    };

    public static IEnumerable<int> Integers(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(one => one.GetInt32()) : [];

    static float Single(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number) return value.GetSingle();
        return value.GetString()!.Trim('"') switch
        {
            "-infinity" or "-Infinity" => float.NegativeInfinity,
            "infinity" or "Infinity" => float.PositiveInfinity,
            var text => float.Parse(text, CultureInfo.InvariantCulture),
        };
    }
}
