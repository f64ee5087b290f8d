namespace Lowrank.Language;

/// <summary>The processors that options ask for, in the order of transformers' <c>generate</c>.</summary>
public static class TransformersChain
{
    /// <summary>The chain; empty where nothing is asked for.</summary>
    /// <exception cref="LowrankException">An option is out of its range.</exception>
    public static List<LogitsProcessor> Of(SamplingOptions options)
    {
        options.Check();
        List<LogitsProcessor> chain = [.. Rules(options)];
        if (options.Samples) chain.AddRange(Filters(options));
        if (options.RenormalizeLogits) chain.Add(new Renormalized());
        return chain;
    }

    static IEnumerable<LogitsProcessor> Rules(SamplingOptions options)
    {
        var ends = options.EndTokens;
        if (options.SequenceBias.Count > 0) yield return new SequenceBias(options.SequenceBias);
        if (options.RepetitionPenalty != 1) yield return new RepetitionPenalty((float)options.RepetitionPenalty, options.RepetitionIgnores);
        if (options.FrequencyPenalty != 0 || options.PresencePenalty != 0)
            yield return new FrequencyPresencePenalty((float)options.FrequencyPenalty, (float)options.PresencePenalty);
        if (options.NoRepeatNgramSize > 0) yield return new NoRepeatedRuns(options.NoRepeatNgramSize);
        if (options.BadWords.Count > 0) yield return new SequenceBias(Bans(options));
        if (options.MinLength > 0 && ends.Count > 0) yield return new MinLength(options.MinLength, ends);
        if (options.MinNewTokens > 0 && ends.Count > 0) yield return new MinNewTokens(options.MinNewTokens, ends);
        if (options.Allowed is { } allowed) yield return new AllowedTokens(allowed);
        foreach (var processor in Endings(options)) yield return processor;
        foreach (var processor in options.Processors) yield return processor;
    }

    static IEnumerable<LogitsProcessor> Endings(SamplingOptions options)
    {
        if (options.ForcedBegin is { } begin) yield return new ForcedTokens(0, [begin]);
        if (options.ForcedEnd.Count > 0) yield return new ForcedTokens(options.MaxNewTokens - 1, options.ForcedEnd);
        if (options.GrowingEnd is { } growing) yield return new GrowingEnd(growing.Start, growing.Factor, options.EndTokens);
        if (options.SuppressTokens.Count > 0) yield return new BannedTokens(options.SuppressTokens);
        if (options.BeginSuppressTokens.Count > 0) yield return new BannedFirstTokens(options.BeginSuppressTokens);
    }

    static IEnumerable<LogitsProcessor> Filters(SamplingOptions options)
    {
        int least = options.MinTokensToKeep;
        if (options.Temperature != 1) yield return new Temperature((float)options.Temperature);
        if (options.TopK > 0) yield return new TopK(Math.Max(options.TopK, least));
        if (options.TopP < 1) yield return new TopP(options.TopP, least);
        if (options.MinP > 0) yield return new MinP(options.MinP, least);
        if (options.TypicalP < 1) yield return new TypicalP(options.TypicalP, least);
        if (options.EpsilonCutoff > 0) yield return new EpsilonCutoff(options.EpsilonCutoff, least);
        if (options.EtaCutoff > 0) yield return new EtaCutoff(options.EtaCutoff, least);
    }

    // That the end alone is a bad word is left out, as transformers does: the text could not end.
    static List<(IReadOnlyList<int> Tokens, float Bias)> Bans(SamplingOptions options) =>
        [.. options.BadWords.Where(word => word.Count > 1 || !options.EndTokens.Contains(word[0]))
            .Select(word => (word, float.NegativeInfinity))];
}
