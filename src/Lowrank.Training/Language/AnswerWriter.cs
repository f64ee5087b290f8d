namespace Lowrank.Training;

/// <summary>Has the model write several answers to prompts, as it is now, and scores them.</summary>
/// <param name="model">The model.</param>
/// <param name="rewards">What scores.</param>
/// <param name="options">How many answers, how long, and how rewards become advantages.</param>
sealed class AnswerWriter(LanguageModel model, RewardSet rewards, AnswerOptions options)
{
    /// <summary>Puts what is trained in or out of training while the model writes; set where the adapter is.</summary>
    public Action<bool> Train { get; set; } = static _ => { };

    /// <summary>Stops the writing.</summary>
    public CancellationToken Cancel { get; set; }

    /// <summary>The rewards' names.</summary>
    public IReadOnlyList<string> Rewards => rewards.Names;

    /// <summary>Answers to prompts, those to one prompt behind one another, and what their rewards tell.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <param name="step">Steps done; seeds hang on it, so that a run that goes on writes the same.</param>
    public (IReadOnlyList<WrittenAnswer> Answers, AdvantageResult Result) Write(IReadOnlyList<PromptRow> prompts, long step)
    {
        PromptRow[] asked = [.. prompts.SelectMany(prompt => Enumerable.Repeat(prompt, options.Answers))];
        var written = Written(asked, step);
        var scores = rewards.Of([.. asked.Zip(written, (prompt, text) => new RewardedAnswer(prompt.Text, text.Text, prompt.Columns))]);
        var weighed = options.Advantages with { Weights = rewards.Weights };
        var result = Training.Advantages.Of(scores, options.Answers, weighed, rewards.Names);
        var answers = asked.Select((prompt, at) =>
            new WrittenAnswer(prompt, written[at], result.Advantages[at], [.. scores.Select(one => one[at])]));
        return ([.. answers], result);
    }

    // Without dropouts, and without moving the generator that dropouts of training draw from.
    IReadOnlyList<GeneratedText> Written(PromptRow[] asked, long step)
    {
        Train(false);
        try
        {
            var requests = asked.Select((prompt, at) => new GenerationRequest(prompt.Ids, Chosen(step * asked.Length + at)));
            return RandomState.Preserve(() => model.GenerateAll([.. requests], cancel: Cancel));
        }
        finally
        {
            Train(true);
        }
    }

    GenerationOptions Chosen(long number) => new GenerationOptions
    {
        Seed = (long)(StepSeeds.Of(options.Seed, "answers", number) & long.MaxValue),
    }.AtMost(options.MaxTokens).Sampled(options.Temperature);
}
