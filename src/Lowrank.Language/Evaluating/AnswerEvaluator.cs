namespace Lowrank.Language;

/// <summary>
/// How well a model foretells answers, their end token included, each token of an answer once; and, where asked for, how near the answers
/// come that it writes itself.
/// </summary>
sealed class AnswerEvaluator : Evaluator
{
    static readonly TextMeasure[] compared = [TextMeasures.Named("rouge-l"), TextMeasures.Named("sacrebleu")];

    readonly LanguageModel model;
    readonly EvaluationOptions options;
    readonly List<AnswerRow> rows = [];
    readonly List<(int Row, ScoringRow Tokens)> scoring = [];
    readonly bool usesTemplate;
    int withoutSystem;   // rows of which the template does not write what the system says

    public AnswerEvaluator(AnswerData data, LanguageModel model, EvaluationOptions options)
    {
        (this.model, this.options) = (model, options);
        usesTemplate = model.Template is not null && !options.Plain;
        List<int> tooLong = [];
        foreach (var row in data.Rows)
        {
            var tokens = usesTemplate ? OfTemplate(row) : [OfPlain(row)];
            if (tokens.Any(one => one.Ids.Count > model.Room))
            {
                tooLong.Add(row.Number);
                continue;
            }
            scoring.AddRange(tokens.Select(one => (rows.Count, one)));
            rows.Add(WithSystem(row));
        }
        if (rows.Count == 0)
            throw new LowrankException(data.Count == 1 ? $"the one row is longer than the model's {model.Room} tokens."
                : $"all {data.Count} rows are longer than the model's {model.Room} tokens.");
        int ownSystems = options.System is null || !usesTemplate ? 0 : data.Rows.Count(HasSystem);
        Notes = [.. Told(data.Count, tooLong, ownSystems)];
    }

    IEnumerable<string> Told(int all, List<int> tooLong, int ownSystems)
    {
        yield return usesTemplate ? "Rows are written by the chat template; the assistant's tokens count, as it marks them."
            : "Prompts are plain texts; the answer's tokens count, and the end token behind it.";
        if (options.System is not null && !usesTemplate) yield return "`system` is not used: no chat template is.";
        if (ownSystems > 0) yield return $"`system` is not used in {ownSystems} of {all} rows, which have one of their own.";
        if (withoutSystem > 0) yield return withoutSystem == all ? TemplateOmissions.NoSystem
            : $"`system` is not used in {withoutSystem} of {all} rows: the chat template does not write what the system says there.";
        foreach (string told in LeftOutRows.Told(tooLong, all, $"are longer than {model.Room} tokens")) yield return told;
    }

    static bool HasSystem(AnswerRow row) => row.Turns.Messages[0].Role == "system";

    AnswerRow WithSystem(AnswerRow row)
    {
        if (options.System is not { } system || HasSystem(row)) return row;
        return row with { Turns = row.Turns with { Messages = [new("system", system), .. row.Turns.Messages] } };
    }

    List<ScoringRow> OfTemplate(AnswerRow row)
    {
        try
        {
            var parts = model.Template!.TrainingRows(WithSystem(row).Turns);
            bool isLeftOut = options.System is { } system && !HasSystem(row)
                && parts.Any(part => !TemplateOmissions.Holds(part.Text.Text, system));
            if (isLeftOut) withoutSystem++;
            return [.. parts.Select(OfChat)];
        }
        catch (LowrankException error)
        {
            throw new LowrankException($"{row.Place}: {error.Message}", error);
        }
    }

    ScoringRow OfChat(ChatRow row)
    {
        var tokens = row.Text.Encode(model.Tokenizer);
        return new(tokens.Ids, [.. row.Mask(tokens).Index().Where(one => one.Index > 0 && one.Item == 1).Select(one => one.Index)]);
    }

    // The prompt ends where the tokens of the prompt alone and of the whole part: a token that reaches over the border is the answer's.
    ScoringRow OfPlain(AnswerRow row)
    {
        string prompt = row.Plain ?? throw new LowrankException($"{row.Place} is of messages, and without a chat template nobody " +
            "knows how the model reads them. Leave `plain` out, or give a tokenizer that has a template.");
        var before = model.Prompt(prompt);
        IReadOnlyList<int> ids = [.. model.Prompt(prompt + row.Answer), .. model.EndTokens.Take(1)];
        int first = 0;
        while (first < before.Count && first < ids.Count && ids[first] == before[first]) first++;
        return ScoringRow.From(ids, Math.Max(1, first));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<int>> Read => scoring.ConvertAll(one => one.Tokens.Ids);

    /// <inheritdoc/>
    public override EvaluationResult Measure(IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        var parts = scoring.Index().ToLookup(one => one.Item.Row, one => one.Index);
        var share = options.Writes ? new ShareOf(progress, 0, 0.2) : progress;   // writing takes most of the time
        var scored = Scored(model, [.. scoring.Select(one => one.Tokens)], options, share, cancel);
        var written = options.Writes
            ? WrittenAnswers.Write(
                model, [.. rows.Select(row => (row.Place, Prompt(row)))], options, new ShareOf(progress, 0.2, 1), cancel)
            : [];
        var done = rows.Index().Where(row => parts[row.Index].All(scored.ContainsKey) || written.ContainsKey(row.Index));
        var told = done.Select(row => Told(row.Item, written.GetValueOrDefault(row.Index),
            [.. parts[row.Index].Where(scored.ContainsKey).Select(part => scored[part])]));
        bool isWhole = scored.Count == scoring.Count && (!options.Writes || written.Count == rows.Count);
        return new([.. OfTokens(scored.Values), .. Compared(written)], [.. told], isWhole);
    }

    IReadOnlyList<int> Prompt(AnswerRow row) =>
        usesTemplate ? model.Prompt(row.Turns.First(row.Turns.Messages.Count - 1)) : model.Prompt(row.Plain!);

    IEnumerable<Measured> Compared(SortedDictionary<int, GeneratedText> written)
    {
        if (written.Count == 0) yield break;
        List<ScoredText> texts =
        [
            .. written.Select(one => new ScoredText(WrittenAnswers.Plain(one.Value.Text), [WrittenAnswers.Plain(rows[one.Key].Answer)])),
        ];
        double same = (double)texts.Count(text => text.Hypothesis == text.References[0]) / texts.Count;
        yield return new("exact match", same, texts.Count, "answers");
        foreach (var measure in compared) yield return new(measure.Name, measure.Of(texts), texts.Count, "answers");
    }

    static EvaluatedRow Told(AnswerRow row, GeneratedText? written, IReadOnlyList<ScoredRow> parts) => new(row.Number, row.Asked)
    {
        Answer = written?.Text,
        References = [row.Answer],
        Values = OfTokens(parts).ToDictionary(one => one.Name, one => one.Value),
    };
}
