using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>transformers' generation parameters of a golden case as options.</summary>
static class GenerationParameters
{
    // What is read elsewhere, or says how a case was run.
    static readonly HashSet<string> elsewhere =
    [
        "prompt_length", "generated_tokens", "max_length", "start", "factor", "num_beams", "length_penalty", "early_stopping", "num_return_sequences", "max_time",
    ];

    public static IEnumerable<TheoryDataRow<string>> Names(string group, string list)
    {
        if (!GoldenFolder.Groups.Contains(group)) return [];
        if (!GoldenGroup.Open(group).Json.TryGetProperty(list, out var cases)) return [];
        return cases.EnumerateArray().Select(one => new TheoryDataRow<string>(one.GetProperty("name").GetString()!));
    }

    public static SamplingOptions Of(JsonElement parameters, JsonElement ends = default)
    {
        // transformers' own default for top_k does not hold in these cases: what is not given does nothing.
        var options = new SamplingOptions();
        foreach (var one in parameters.EnumerateObject()) options = With(options, one.Name, one.Value);
        return ends.ValueKind is JsonValueKind.Undefined ? options : options with { EndTokens = Ids(ends) };
    }

    public static BeamOptions Beams(JsonElement parameters) => new(
        parameters.GetProperty("num_beams").GetInt32(),
        parameters.TryGetProperty("length_penalty", out var penalty) ? penalty.GetDouble() : 1,
        parameters.TryGetProperty("early_stopping", out var stopping) ? Stopping(stopping) : EarlyStopping.Likely,
        parameters.TryGetProperty("num_return_sequences", out var returned) ? returned.GetInt32() : 1);

    static EarlyStopping Stopping(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return EarlyStopping.Never;
        return value.GetBoolean() ? EarlyStopping.Enough : EarlyStopping.Likely;
    }

    static SamplingOptions With(SamplingOptions options, string name, JsonElement value) => name switch
    {
        "do_sample" => options with { Samples = value.GetBoolean() },
        "temperature" => options with { Temperature = value.GetDouble() },
        "top_k" => options with { TopK = value.GetInt32() },
        "top_p" => options with { TopP = value.GetDouble() },
        "min_p" => options with { MinP = value.GetDouble() },
        "typical_p" => options with { TypicalP = value.GetDouble() },
        "epsilon_cutoff" => options with { EpsilonCutoff = value.GetDouble() },
        "eta_cutoff" => options with { EtaCutoff = value.GetDouble() },
        "min_tokens_to_keep" => options with { MinTokensToKeep = value.GetInt32() },
        "renormalize_logits" => options with { RenormalizeLogits = value.GetBoolean() },
        _ => WithRule(options, name, value),
    };

    static SamplingOptions WithRule(SamplingOptions options, string name, JsonElement value) => name switch
    {
        "repetition_penalty" => options with { RepetitionPenalty = value.GetDouble() },
        "prompt_ignore_length" => options with { RepetitionIgnores = value.GetInt32() },
        "frequency_penalty" => options with { FrequencyPenalty = value.GetDouble() },
        "presence_penalty" => options with { PresencePenalty = value.GetDouble() },
        "no_repeat_ngram_size" => options with { NoRepeatNgramSize = value.GetInt32() },
        "bad_words_ids" => options with { BadWords = [.. value.EnumerateArray().Select(Ids)] },
        "sequence_bias" => options with { SequenceBias = [.. value.EnumerateArray().Select(one => (Ids(one[0]), one[1].GetSingle()))] },
        "allowed" => options with { Allowed = history => EvensAndThirds(history.Written.Length) },
        _ => WithEnding(options, name, value),
    };

    static SamplingOptions WithEnding(SamplingOptions options, string name, JsonElement value) => name switch
    {
        "min_length" => options with { MinLength = value.GetInt32() },
        "min_new_tokens" => options with { MinNewTokens = value.GetInt32() },
        "max_new_tokens" => options with { MaxNewTokens = value.GetInt32() },
        "eos_token_id" => options with { EndTokens = Ids(value) },
        "forced_eos_token_id" => options with { ForcedEnd = Ids(value) },
        "suppress_tokens" => options with { SuppressTokens = Ids(value) },
        "begin_suppress_tokens" => options with { BeginSuppressTokens = Ids(value) },
        _ => elsewhere.Contains(name) ? options : throw Golden.NotCovered($"parameter {name}"),
    };

    // The rule of the cases: even ids in the 1st, 3rd, 5th new place, ids that 3 divides in the others.
    static int[] EvensAndThirds(int written) => [.. Enumerable.Range(0, Vocabulary).Where(id => id % (written % 2 == 0 ? 2 : 3) == 0)];

    /// <summary>Tokens of the model that a case is about; rules of allowed tokens need it.</summary>
    public static int Vocabulary { get; set; }

    public static IReadOnlyList<int> Ids(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Number => [value.GetInt32()],
        _ => [.. value.EnumerateArray().Select(id => id.GetInt32())],
    };
}
