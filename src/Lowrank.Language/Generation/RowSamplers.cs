namespace Lowrank.Language;

/// <summary>Who chooses the tokens of a text.</summary>
static class RowSamplers
{
    /// <summary>The sampler that options ask for, held to their grammar.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="sampling">Transformers' rules, with the end tokens that count.</param>
    /// <param name="model">The model.</param>
    /// <param name="seed">Of llama.cpp's draws.</param>
    /// <param name="generator">Of transformers' draws; null where none are made.</param>
    public static TokenSampler Of(
        GenerationOptions options, SamplingOptions sampling, LanguageModel model, long seed, MersenneTwister? generator)
    {
        var matcher = options.Grammar is { } grammar ? new GrammarMatcher(grammar, Tokens(model, sampling.EndTokens)) : null;
        if (matcher is not null && sampling.EndTokens.Count == 0)
            throw new LowrankException("a grammar needs an end token, by which the text ends, and neither the model nor the options " +
                "name one. Name it.");
        if (options.LlamaCpp is { } llama)
        {
            var chain = LlamaCppChain.Of(llama, seed, model.TokenTexts, text => model.Tokenizer.Encode(text, addSpecials: false).Ids);
            var sampler = new LlamaCppSampler(chain);
            return matcher is null ? sampler : new GrammarSampler(sampler, matcher);
        }
        if (matcher is not null) sampling = sampling with { Processors = [.. sampling.Processors, new GrammarProcessor(matcher)] };
        return new TransformersSampler(sampling, generator);
    }

    // The vocabulary with the ends that count, which need not be the model's.
    static SortedTokens Tokens(LanguageModel model, IReadOnlyList<int> ends)
    {
        var own = model.SortedTokens;
        return own.Texts.Ends.ToHashSet().SetEquals(ends) ? own : new(own.Texts.EndingBy(ends));
    }
}
