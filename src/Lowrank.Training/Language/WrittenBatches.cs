namespace Lowrank.Training;

/// <summary>Answers that the model writes as the run goes: all of a step at once, by the model as it is before the step.</summary>
/// <param name="prompts">The prompts, of which each pass has an order of its own.</param>
/// <param name="writer">Writes and scores.</param>
/// <param name="collator">How rows become a batch.</param>
/// <param name="shape">How many answers lie where.</param>
sealed class WrittenBatches(IReadOnlyList<PromptRow> prompts, AnswerWriter writer, RowCollator collator, AnswerShape shape)
    : ILanguageBatches
{
    readonly BatchOrder order = new([.. Enumerable.Repeat(1, prompts.Count)], 1, shape.Seed);
    (long Step, IReadOnlyList<WrittenAnswer> Answers) written = (-1, []);
    Dictionary<string, double> measures = [];

    /// <summary>Prompts whose answers all got one reward, so far.</summary>
    public int EqualGroups { get; private set; }

    /// <summary>Answers that nothing scored, so far.</summary>
    public int Unscored { get; private set; }

    /// <summary>Prompts that were answered so far.</summary>
    public int Groups { get; private set; }

    /// <summary>Told each step's answers; null for nobody.</summary>
    public Action<long, IReadOnlyList<WrittenAnswer>, AdvantageResult>? Told { get; set; }

    public int PerEpoch => (prompts.Count + shape.PromptsOfStep - 1) / shape.PromptsOfStep * shape.Accumulation;

    public LanguageExamples this[long number]
    {
        get
        {
            var taken = Taken(number);
            float[] advantages = [.. taken.Select(one => (float)one.Advantage)];
            return new(collator.Stacked([.. taken.Select(one => one.Row)])) { Advantages = tensor(advantages, device: CPU) };
        }
    }

    public double CountedTokens(long number) => Taken(number).Sum(one => one.Text.Ids.Count);

    public IReadOnlyDictionary<string, double> Measures(int step) => measures;

    IEnumerable<WrittenAnswer> Taken(long number)
    {
        var (step, within) = Math.DivRem(number, shape.Accumulation);
        if (written.Step != step) written = (step, Write(step));
        return written.Answers.Skip((int)within * shape.BatchSize).Take(shape.BatchSize);
    }

    IReadOnlyList<WrittenAnswer> Write(long step)
    {
        long first = step * shape.PromptsOfStep;
        var asked = Enumerable.Range(0, shape.PromptsOfStep).Select(at => prompts[order[first + at].Items[0]]);
        var (answers, result) = writer.Write([.. asked], step);
        (Groups, EqualGroups, Unscored) =
            (Groups + shape.PromptsOfStep, EqualGroups + result.EqualGroups, Unscored + result.Unscored);
        measures = new(result.Metrics);
        AddLengths(answers);
        Told?.Invoke(step, answers, result);
        return answers;
    }

    // By TRL's names.
    void AddLengths(IReadOnlyList<WrittenAnswer> answers)
    {
        int[] lengths = [.. answers.Select(one => one.Text.Ids.Count)];
        int[] ended = [.. answers.Where(one => one.Text.Finish == FinishReason.EndToken).Select(one => one.Text.Ids.Count)];
        measures["num_tokens"] = answers.Sum(one => one.Row.Ids.Count);
        measures["completions/mean_length"] = lengths.Average();
        measures["completions/min_length"] = lengths.Min();
        measures["completions/max_length"] = lengths.Max();
        measures["completions/clipped_ratio"] = 1 - (double)ended.Length / lengths.Length;
        measures["completions/mean_terminated_length"] = ended.Length == 0 ? 0 : ended.Average();
    }
}
