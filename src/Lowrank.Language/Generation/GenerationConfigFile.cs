using System.Text.Json;

namespace Lowrank.Language;

/// <summary>What <c>generation_config.json</c> beside a model says of how it is to write.</summary>
sealed class GenerationConfigFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "generation_config.json";

    // transformers' own value where a file samples and says none.
    const int UsualTopK = 50;

    // Say nothing of how tokens are chosen here: the model's, the tokenizer's, or how transformers works inside.
    static readonly HashSet<string> silent =
    [
        "_from_model_config", "transformers_version", "bos_token_id", "pad_token_id", "use_cache", "return_dict_in_generate",
        "output_attentions", "output_hidden_states", "output_scores", "output_logits", "cache_implementation", "trust_remote_code",
    ];

    readonly string path;
    readonly int vocabulary;
    readonly List<string> unused = [];

    GenerationConfigFile(string path, int vocabulary) => (this.path, this.vocabulary) = (path, vocabulary);

    /// <summary>What it says; where there is no file, nothing.</summary>
    public GenerationOptions Options { get; private set; } = new();

    /// <summary>The end tokens that it names.</summary>
    public IReadOnlyList<int> Ends { get; private set; } = [];

    /// <summary>What stands in it and is not used.</summary>
    public IReadOnlyList<string> Notes =>
        unused.Count == 0 ? [] : [$"{path}: {string.Join(", ", unused)} {(unused.Count == 1 ? "is" : "are")} not used."];

    /// <summary>Reads it.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="vocabulary">Tokens that the model tells apart.</param>
    /// <exception cref="LowrankException">It is no JSON, a value is of the wrong kind, or a token is none of the model's.</exception>
    public static GenerationConfigFile Read(string folder, int vocabulary)
    {
        string path = Path.Combine(folder, Name);
        var file = new GenerationConfigFile(path, vocabulary);
        if (JsonFile.ObjectIfThere(path) is not { } json) return file;
        foreach (var field in json.EnumerateObject())
            if (field.Value.ValueKind != JsonValueKind.Null) file.Take(field);
        file.Finish(json);
        return file;
    }

    void Take(JsonProperty field)
    {
        if (silent.Contains(field.Name)) return;
        try
        {
            if (field.Name == "eos_token_id") Ends = Ids(field.Value);
            else if (Chosen(Options.Sampling, field) is { } sampling) Options = Options with { Sampling = sampling };
            else if (Ruled(Options.Sampling, field) is { } ruled) Options = Options with { Sampling = ruled };
            else if (Searched(Options.Beams ?? new(1), field) is { } beams) Options = Options with { Beams = beams };
            else unused.Add($"{field.Name} ({field.Value.GetRawText()})");
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            throw new LowrankException($"{path}: {field.Name} is {field.Value.GetRawText()}, which is of the wrong kind.", error);
        }
    }

    // A filter without sampling does nothing in transformers either, and a search of one beam is none.
    void Finish(JsonElement json)
    {
        var sampling = Options.Sampling;
        bool lacksTopK = sampling.Samples && !json.TryGetProperty("top_k", out _);
        if (lacksTopK) Options = Options with { Sampling = sampling with { TopK = UsualTopK } };
        if (Options.Beams is { Beams: < 2 }) Options = Options with { Beams = null };
    }

    static SamplingOptions? Chosen(SamplingOptions options, JsonProperty field) => field.Name switch
    {
        "do_sample" => options with { Samples = field.Value.GetBoolean() },
        "temperature" => options with { Temperature = field.Value.GetDouble() },
        "top_k" => options with { TopK = field.Value.GetInt32() },
        "top_p" => options with { TopP = field.Value.GetDouble() },
        "min_p" => options with { MinP = field.Value.GetDouble() },
        "typical_p" => options with { TypicalP = field.Value.GetDouble() },
        "epsilon_cutoff" => options with { EpsilonCutoff = field.Value.GetDouble() },
        "eta_cutoff" => options with { EtaCutoff = field.Value.GetDouble() },
        "renormalize_logits" => options with { RenormalizeLogits = field.Value.GetBoolean() },
        "max_new_tokens" => options with { MaxNewTokens = field.Value.GetInt32() },
        _ => null,
    };

    SamplingOptions? Ruled(SamplingOptions options, JsonProperty field) => field.Name switch
    {
        "repetition_penalty" => options with { RepetitionPenalty = field.Value.GetDouble() },
        "no_repeat_ngram_size" => options with { NoRepeatNgramSize = field.Value.GetInt32() },
        "min_length" => options with { MinLength = field.Value.GetInt32() },
        "min_new_tokens" => options with { MinNewTokens = field.Value.GetInt32() },
        "bad_words_ids" => options with { BadWords = [.. field.Value.EnumerateArray().Select(word => Checked(field, Ids(word)))] },
        "suppress_tokens" => options with { SuppressTokens = Known(field) },
        "begin_suppress_tokens" => options with { BeginSuppressTokens = Known(field) },
        "forced_bos_token_id" => options with { ForcedBegin = Checked(field, [field.Value.GetInt32()])[0] },
        "forced_eos_token_id" => options with { ForcedEnd = Checked(field, Ids(field.Value)) },
        _ => null,
    };

    bool IsKnown(int id) => id >= 0 && id < vocabulary;

    // What the model cannot write need not be forbidden.
    int[] Known(JsonProperty field)
    {
        var known = Ids(field.Value).ToLookup(IsKnown);
        if (known[false].Any()) unused.Add($"{field.Name} {string.Join(", ", known[false])} (no token of the model's {vocabulary})");
        return [.. known[true]];
    }

    int[] Checked(JsonProperty field, int[] ids)
    {
        if (Array.TrueForAll(ids, IsKnown)) return ids;
        throw new LowrankException($"{path}: {field.Name} names the token {ids.First(id => !IsKnown(id))}, and the model has " +
            $"{vocabulary} tokens, from 0. Is the file another model's?");
    }

    static BeamOptions? Searched(BeamOptions options, JsonProperty field) => field.Name switch
    {
        "num_beams" => options with { Beams = field.Value.GetInt32() },
        "length_penalty" => options with { LengthPenalty = field.Value.GetDouble() },
        "num_return_sequences" => options with { Returned = field.Value.GetInt32() },
        "early_stopping" => options with { EarlyStopping = Stopping(field.Value) },
        _ => null,
    };

    static EarlyStopping Stopping(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return EarlyStopping.Never;
        return value.GetBoolean() ? EarlyStopping.Enough : EarlyStopping.Likely;
    }

    static int[] Ids(JsonElement value) => value.ValueKind == JsonValueKind.Number
        ? [value.GetInt32()]
        : [.. value.EnumerateArray().Select(id => id.GetInt32())];
}
