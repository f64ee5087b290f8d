namespace Lowrank.Language;

/// <summary>Answers that a model writes to many prompts: the likeliest token each time, prompts of like length at once.</summary>
static class WrittenAnswers
{
    const int UsualTokens = 64;

    /// <summary>Writes until all are written or it is to end.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompts">The prompts' tokens, each with its place, as errors say it.</param>
    /// <param name="options">How many tokens, and how many at once.</param>
    /// <param name="progress">Told the share that is written, 0 to 1.</param>
    /// <param name="cancel">Ends it with those that are written.</param>
    /// <returns>Those that are finished, by the prompts' numbers.</returns>
    /// <exception cref="LowrankException">A prompt is too long.</exception>
    public static SortedDictionary<int, GeneratedText> Write(
        LanguageModel model, IReadOnlyList<(string Place, IReadOnlyList<int> Tokens)> prompts, EvaluationOptions options,
        IProgress<double>? progress, CancellationToken cancel)
    {
        var likeliest = new GenerationOptions().AtMost(options.MaxNewTokens ?? UsualTokens);
        foreach (var (place, tokens) in prompts) Check(model, new(tokens, likeliest), place);
        var written = new SortedDictionary<int, GeneratedText>();
        foreach (int[] batch in Enumerable.Range(0, prompts.Count).OrderByDescending(at => prompts[at].Tokens.Count).Chunk(options.Batch))
        {
            if (cancel.IsCancellationRequested) break;
            var texts = model.GenerateAll([.. batch.Select(at => new GenerationRequest(prompts[at].Tokens, likeliest))], cancel: cancel);
            foreach (var (at, text) in batch.Zip(texts))
                if (text.Finish != FinishReason.Stopped) written[at] = text;
            progress?.Report((double)written.Count / prompts.Count);
        }
        return written;
    }

    // Before the first is written: an hour later nobody wants to know.
    static void Check(LanguageModel model, GenerationRequest request, string place)
    {
        try
        {
            model.Check(request);
        }
        catch (LowrankException error)
        {
            throw new LowrankException($"{place}: {error.Message}", error);
        }
    }

    /// <summary>A text with single spaces in place of all white space.</summary>
    public static string Plain(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
