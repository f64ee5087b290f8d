namespace Lowrank.Language;

/// <summary>Answers that a model writes to many prompts: the likeliest token each time, prompts of like length at once.</summary>
static class WrittenAnswers
{
    const int UsualTokens = 64;

    /// <summary>Writes until all are written or it is to end.</summary>
    /// <returns>Those that are finished, by the prompts' numbers.</returns>
    public static SortedDictionary<int, GeneratedText> Write(
        LanguageModel model, IReadOnlyList<IReadOnlyList<int>> prompts, EvaluationOptions options, IProgress<double>? progress,
        CancellationToken cancel)
    {
        var likeliest = new GenerationOptions().AtMost(options.MaxNewTokens ?? UsualTokens);
        var written = new SortedDictionary<int, GeneratedText>();
        foreach (int[] batch in Enumerable.Range(0, prompts.Count).OrderByDescending(at => prompts[at].Count).Chunk(options.Batch))
        {
            if (cancel.IsCancellationRequested) break;
            var texts = model.GenerateAll([.. batch.Select(at => new GenerationRequest(prompts[at], likeliest))], cancel: cancel);
            foreach (var (at, text) in batch.Zip(texts))
                if (text.Finish != FinishReason.Stopped) written[at] = text;
            progress?.Report((double)written.Count / prompts.Count);
        }
        return written;
    }

    /// <summary>A text with single spaces in place of all white space.</summary>
    public static string Plain(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
