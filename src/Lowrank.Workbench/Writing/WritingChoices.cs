using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>How texts are written, so far as somebody says it; the rest is as the model's generation config has it.</summary>
public sealed record WritingChoices
{
    /// <summary>Whether the likeliest token is taken each time.</summary>
    public bool Greedy { get; init; }

    /// <summary>Whether tokens are chosen by llama.cpp's samplers, with its defaults.</summary>
    public bool LlamaCpp { get; init; }

    /// <summary>Divides logits before a draw; 0 takes the likeliest.</summary>
    public double? Temperature { get; init; }

    /// <summary>As of <see cref="SamplingOptions"/>.</summary>
    public int? TopK { get; init; }

    /// <summary>As of <see cref="SamplingOptions"/>.</summary>
    public double? TopP { get; init; }

    /// <summary>As of <see cref="SamplingOptions"/>.</summary>
    public double? MinP { get; init; }

    /// <summary>As of <see cref="SamplingOptions"/>.</summary>
    public double? TypicalP { get; init; }

    /// <summary>As of <see cref="SamplingOptions"/>.</summary>
    public double? EpsilonCutoff { get; init; }

    /// <summary>As of <see cref="SamplingOptions"/>.</summary>
    public double? EtaCutoff { get; init; }

    /// <summary>As of <see cref="SamplingOptions"/>.</summary>
    public double? RepetitionPenalty { get; init; }

    /// <summary>As of <see cref="SamplingOptions"/>.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>As of <see cref="SamplingOptions"/>.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>As of <see cref="SamplingOptions"/>.</summary>
    public int? NoRepeatNgram { get; init; }

    /// <summary>As of <see cref="LlamaCppOptions"/>, whose samplers alone have it.</summary>
    public double? TopNSigma { get; init; }

    /// <summary>As of <see cref="LlamaCppOptions"/>, whose samplers alone have it.</summary>
    public double? XtcProbability { get; init; }

    /// <summary>As of <see cref="LlamaCppOptions"/>, whose samplers alone have it.</summary>
    public double? XtcThreshold { get; init; }

    /// <summary>As of <see cref="LlamaCppOptions"/>, whose samplers alone have it.</summary>
    public double? DryMultiplier { get; init; }

    /// <summary>As of <see cref="LlamaCppOptions"/>, whose samplers alone have it.</summary>
    public int? Mirostat { get; init; }

    /// <summary>Tokens of a text at most.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Tokens of a text before it may end.</summary>
    public int? MinTokens { get; init; }

    /// <summary>Seconds after which a text ends, 0 to 1,000,000,000; null for no end by time.</summary>
    public double? MaxTime { get; init; }

    /// <summary>Texts before which the text ends.</summary>
    public IReadOnlyList<string> Stops { get; init; } = [];

    /// <summary>Whether end tokens do not end the text.</summary>
    public bool IgnoreEnd { get; init; }

    /// <summary>Whether control tokens are shown.</summary>
    public bool ShowControl { get; init; }

    /// <summary>Beams of a search; null or 1 for none.</summary>
    public int? Beams { get; init; }

    /// <summary>As of <see cref="BeamOptions"/>.</summary>
    public double? LengthPenalty { get; init; }

    /// <summary>The seed of the draws; null takes one by chance, which is told.</summary>
    public long? Seed { get; init; }

    /// <summary>A file with a grammar as llama.cpp writes it (GBNF), which texts are held to.</summary>
    public string? Grammar { get; init; }

    /// <summary>A file with a JSON schema, or the schema itself, which texts are held to.</summary>
    public string? Schema { get; init; }

    // What transformers' rules alone have, and llama.cpp's alone.
    IEnumerable<(string Name, bool IsGiven)> OfTransformers =>
    [
        ("epsilon cutoff", EpsilonCutoff is not null), ("eta cutoff", EtaCutoff is not null),
        ("no repeat ngram", NoRepeatNgram is not null), ("min tokens", MinTokens is not null), ("beams", Beams > 1),
    ];

    IEnumerable<(string Name, bool IsGiven)> OfLlamaCpp =>
    [
        ("top n sigma", TopNSigma is not null), ("xtc probability", XtcProbability is not null),
        ("xtc threshold", XtcThreshold is not null), ("dry multiplier", DryMultiplier is not null), ("mirostat", Mirostat is not null),
    ];

    // What does nothing where the likeliest token is taken.
    IEnumerable<(string Name, bool IsGiven)> OfDraws =>
    [
        ("top k", TopK is not null), ("top p", TopP is not null), ("min p", MinP is not null), ("typical p", TypicalP is not null),
        ("epsilon cutoff", EpsilonCutoff is not null), ("eta cutoff", EtaCutoff is not null), ("seed", Seed is not null),
    ];

    // What mirostat, which draws by itself, leaves out of llama.cpp's samplers.
    IEnumerable<(string Name, bool IsGiven)> OfFilters =>
    [
        ("top k", TopK is not null), ("top p", TopP is not null), ("min p", MinP is not null), ("typical p", TypicalP is not null),
        ("repetition penalty", RepetitionPenalty is not null), ("frequency penalty", FrequencyPenalty is not null),
        ("presence penalty", PresencePenalty is not null), .. OfLlamaCpp.Where(one => one.Name != "mirostat"),
    ];

    IEnumerable<(string Name, double Value, bool Holds, string Wanted)> Ranges =>
    [
        ("top k", TopK ?? 0, TopK is not < 0, "0 or more"),
        ("top p", TopP ?? 1, TopP is null or (> 0 and <= 1), "above 0, to 1"),
        ("min p", MinP ?? 0, MinP is null or (>= 0 and <= 1), "0 to 1"),
        ("typical p", TypicalP ?? 1, TypicalP is null or (> 0 and <= 1), "above 0, to 1"),
        ("epsilon cutoff", EpsilonCutoff ?? 0, EpsilonCutoff is null or (>= 0 and < 1), "0 to below 1"),
        ("eta cutoff", EtaCutoff ?? 0, EtaCutoff is null or (>= 0 and < 1), "0 to below 1"),
        ("repetition penalty", RepetitionPenalty ?? 1, RepetitionPenalty is null or > 0, "above 0"),
        ("no repeat ngram", NoRepeatNgram ?? 0, NoRepeatNgram is not < 0, "0 or more"),
        ("min tokens", MinTokens ?? 0, MinTokens is not < 0, "0 or more"),
        ("max tokens", MaxTokens ?? 1, MaxTokens is not < 1, "1 or more"),
        ("max time", MaxTime ?? 0, MaxTime is null or (>= 0 and <= 1e9), "0 to 1000000000 seconds"),
        ("beams", Beams ?? 1, Beams is not < 1, "1 or more"),
        ("mirostat", Mirostat ?? 0, Mirostat is null or 0 or 1 or 2, "0 (none), 1 or 2"),
        ("xtc probability", XtcProbability ?? 0, XtcProbability is null or (>= 0 and <= 1), "0 to 1"),
        ("xtc threshold", XtcThreshold ?? 0, XtcThreshold is null or (>= 0 and <= 1), "0 to 1"),
        ("dry multiplier", DryMultiplier ?? 0, DryMultiplier is not < 0, "0 or more"),
    ];

    IEnumerable<string> FaultsOfRanges
    {
        get
        {
            foreach (var (name, value, _, wanted) in Ranges.Where(one => !one.Holds))
                yield return $"`{name}` is {PlainValue.Text(value)}; it must be {wanted}.";
            if (MinTokens > MaxTokens) yield return $"`min tokens` is {MinTokens}, and `max tokens` {MaxTokens}, which is less.";
        }
    }

    IEnumerable<string> FaultsOfGrammars
    {
        get
        {
            if (Grammar is not null && Schema is not null) yield return "`grammar` and `schema` both hold texts. Give one of them.";
            string? held = Grammar is not null ? "grammar" : Schema is not null ? "schema" : null;
            if (held is not null && IgnoreEnd)
                yield return $"`{held}` says where the text ends, and `ignore end` goes on there. Leave one out.";
        }
    }

    /// <summary>What cannot be or does not go together.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Temperature < 0) yield return $"`temperature` is {PlainValue.Text(Temperature.Value)}; it must be 0 (the likeliest) or more.";
        if (Greedy && Temperature > 0) yield return "`greedy` takes the likeliest token, and `temperature` draws. Leave one out.";
        if (Stops.Contains("")) yield return "`stop` is an empty text, which stands before every token. Leave it out, or give a text.";
        foreach (string fault in FaultsOfRanges) yield return fault;
        foreach (string fault in FaultsOfGrammars) yield return fault;
        foreach (var (name, _) in (LlamaCpp ? OfTransformers : OfLlamaCpp).Where(one => one.IsGiven))
            yield return LlamaCpp ? $"`{name}` is none of llama.cpp's samplers. Leave it or `llama` out."
                : $"`{name}` is one of llama.cpp's samplers. Add `llama`.";
        if (Beams is null or 1 && LengthPenalty is not null) yield return "`length penalty` weighs the texts of `beams`. Give these too.";
    }

    /// <summary>What was given and does nothing.</summary>
    /// <param name="options">As it came out.</param>
    internal IEnumerable<string> Idle(GenerationOptions options)
    {
        if (IgnoreEnd && MinTokens is not null) yield return "`min tokens` is not used: with `ignore end` no end token ends a text.";
        if (XtcThreshold is not null && XtcProbability is null or 0) yield return "`xtc threshold` is not used without `xtc probability`.";
        bool draws = options.LlamaCpp is { } llama ? llama.Temperature > 0 : options.Sampling.Samples;
        if (!draws)
            foreach (var (name, _) in OfDraws.Append((Name: "mirostat", IsGiven: Mirostat > 0)).Where(one => one.IsGiven))
                yield return $"`{name}` is not used: the likeliest token is taken each time. `temperature` draws.";
        else if (Mirostat > 0)
            foreach (var (name, _) in OfFilters.Where(one => one.IsGiven))
                yield return $"`{name}` is not used: `mirostat` draws by itself, and of the other samplers leaves the temperature alone.";
    }

    /// <summary>The options of a model with what is said here.</summary>
    /// <param name="usual">The model's own.</param>
    /// <param name="run">Told what of a schema is held less strictly.</param>
    internal GenerationOptions On(GenerationOptions usual, JobRun run)
    {
        var options = usual with
        {
            Sampling = Ruled(Drawn(usual.Sampling)),
            LlamaCpp = LlamaCpp ? OfLlama() : null,
            Beams = BeamsOn(usual.Beams),
            Stops = Stops,
            IgnoresEnd = IgnoreEnd,
            KeepsControl = ShowControl,
            MaxTime = MaxTime is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Grammar = WritingGrammar.Of(Grammar, Schema, run),
        };
        bool draws = options.Sampling.Samples || LlamaCpp;
        return draws ? options with { Seed = Seed ?? Random.Shared.NextInt64(uint.MaxValue) } : options;
    }

    SamplingOptions Drawn(SamplingOptions usual)
    {
        bool isGreedy = Greedy || Temperature == 0 || LlamaCpp;
        return usual with
        {
            Samples = !isGreedy && (usual.Samples || Temperature is not null),
            Temperature = Temperature is > 0 and { } temperature ? temperature : usual.Temperature,
            TopK = TopK ?? usual.TopK,
            TopP = TopP ?? usual.TopP,
            MinP = MinP ?? usual.MinP,
            TypicalP = TypicalP ?? usual.TypicalP,
            EpsilonCutoff = EpsilonCutoff ?? usual.EpsilonCutoff,
            EtaCutoff = EtaCutoff ?? usual.EtaCutoff,
        };
    }

    SamplingOptions Ruled(SamplingOptions usual)
    {
        int most = MaxTokens ?? usual.MaxNewTokens;
        return usual with
        {
            RepetitionPenalty = RepetitionPenalty ?? usual.RepetitionPenalty,
            FrequencyPenalty = FrequencyPenalty ?? usual.FrequencyPenalty,
            PresencePenalty = PresencePenalty ?? usual.PresencePenalty,
            NoRepeatNgramSize = NoRepeatNgram ?? usual.NoRepeatNgramSize,
            MaxNewTokens = most,
            MinNewTokens = MinTokens ?? Math.Min(usual.MinNewTokens, most),
        };
    }

    LlamaCppOptions OfLlama()
    {
        var usual = new LlamaCppOptions();
        var options = usual with
        {
            Temperature = Greedy ? 0 : (float)(Temperature ?? usual.Temperature),
            TopK = TopK ?? usual.TopK,
            TopP = (float)(TopP ?? usual.TopP),
            MinP = (float)(MinP ?? usual.MinP),
            TypicalP = (float)(TypicalP ?? usual.TypicalP),
            TopNSigma = (float)(TopNSigma ?? usual.TopNSigma),
        };
        return options with
        {
            PenaltyRepeat = (float)(RepetitionPenalty ?? usual.PenaltyRepeat),
            PenaltyFrequency = (float)(FrequencyPenalty ?? usual.PenaltyFrequency),
            PenaltyPresence = (float)(PresencePenalty ?? usual.PenaltyPresence),
            XtcProbability = (float)(XtcProbability ?? usual.XtcProbability),
            XtcThreshold = (float)(XtcThreshold ?? usual.XtcThreshold),
            DryMultiplier = (float)(DryMultiplier ?? usual.DryMultiplier),
            Mirostat = Mirostat ?? usual.Mirostat,
        };
    }

    BeamOptions? BeamsOn(BeamOptions? usual)
    {
        if (LlamaCpp || Beams == 1) return null;
        if (Beams is null) return usual is null ? null : usual with { Returned = 1 };
        var beams = (usual ?? new()) with { Beams = Beams.Value, Returned = 1 };
        return LengthPenalty is { } penalty ? beams with { LengthPenalty = penalty } : beams;
    }
}
