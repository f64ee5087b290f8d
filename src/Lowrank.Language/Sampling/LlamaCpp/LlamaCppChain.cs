namespace Lowrank.Language;

/// <summary>The samplers that options ask for, in llama.cpp's order or the one given.</summary>
public static class LlamaCppChain
{
    /// <summary>The chain; the last of it chooses.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="seed">Of the draws; XTC has a generator of its own with the same seed.</param>
    /// <param name="texts">The tokens' texts, for DRY's breakers and infill.</param>
    /// <param name="tokens">The tokens of a text, for DRY's breakers.</param>
    /// <exception cref="LowrankException">DRY or infill is asked for without the tokens' texts.</exception>
    public static List<CandidateSampler> Of(
        LlamaCppOptions options, long seed, TokenTexts? texts = null, Func<string, IReadOnlyList<int>>? tokens = null)
    {
        List<CandidateSampler> chain = [];
        if (options.LogitBias.Count > 0) chain.Add(new LlamaLogitBias(options.LogitBias));
        if (options.Mirostat is < 0 or > 2) throw new LowrankException($"mirostat is {options.Mirostat}, and there are 0 (none), 1 and 2.");
        var order = options.Mirostat == 0 ? options.Order : [LlamaStep.Temperature];
        foreach (var step in order)
            if (Step(step, options, seed, texts, tokens) is { } sampler) chain.Add(sampler);
        chain.Add(options.Mirostat switch
        {
            1 => new LlamaMirostat(seed, options.MirostatTau, options.MirostatEta, RequireTexts(texts, "mirostat 1").Count),
            2 => new LlamaMirostat2(seed, options.MirostatTau, options.MirostatEta),
            _ => new LlamaDraw(seed),
        });
        return chain;
    }

    static CandidateSampler? Step(
        LlamaStep step, LlamaCppOptions options, long seed, TokenTexts? texts, Func<string, IReadOnlyList<int>>? tokens) => step switch
    {
        LlamaStep.Penalties =>
            new LlamaPenalties(options.PenaltyLast, options.PenaltyRepeat, options.PenaltyFrequency, options.PenaltyPresence),
        LlamaStep.Dry => Dry(options, texts, tokens),
        LlamaStep.TopNSigma => new LlamaTopSigma(options.TopNSigma),
        LlamaStep.TopK => new LlamaTopK(options.TopK),
        LlamaStep.TypicalP => new LlamaTypical(options.TypicalP, options.MinKeep),
        LlamaStep.TopP => new LlamaTopP(options.TopP, options.MinKeep),
        LlamaStep.MinP => new LlamaMinP(options.MinP, options.MinKeep),
        LlamaStep.Xtc => new LlamaXtc(options.XtcProbability, options.XtcThreshold, options.MinKeep, seed),
        LlamaStep.Temperature => new LlamaTemperature(options.Temperature, options.DynamicRange, options.DynamicExponent),
        LlamaStep.Infill => new LlamaInfill(RequireTexts(texts, "infill"), RequireTexts(texts, "infill").Ends.First()),
        _ => throw new LowrankException($"{step} is no step of llama.cpp's chain."),
    };

    static LlamaDry? Dry(LlamaCppOptions options, TokenTexts? texts, Func<string, IReadOnlyList<int>>? tokens)
    {
        if (options.DryMultiplier == 0) return null;
        var breakers = options.DryBreakers;
        if (breakers.Count > 0) RequireTexts(texts, "DRY with sequence breakers");
        return new(options.DryMultiplier, options.DryBase, options.DryAllowedLength, options.DryLast, breakers, texts ?? new([], []),
            tokens ?? (_ => []));
    }

    static TokenTexts RequireTexts(TokenTexts? texts, string what) =>
        texts ?? throw new LowrankException($"{what} needs the tokens' texts. Give them.");
}
