namespace Lowrank.Training;

/// <summary>Examples as rows, as TRL's SFTTrainer prepares them.</summary>
static class TextRows
{
    /// <summary>The rows; those that nothing counts of are dropped where rows are cut and not packed.</summary>
    /// <exception cref="LowrankException">Options that do not go together, messages without a template, or no row left.</exception>
    public static PreparedRows Of(IReadOnlyList<Example> examples, RowEncoder encoder, RowOptions options)
    {
        options.Check();
        var account = new RowCounter();
        var rows = new List<LearnedRow>();
        var refused = new RefusedRows();
        foreach (var example in examples) rows.AddRange(refused.Of(() => Whole(example, encoder, options)));
        refused.Require();
        var taken = options.Packing switch
        {
            RowPacking.None => Cut(rows, options, account),
            RowPacking.BestFit => [.. rows.Select(row => Shortened(row, options, account))],
            _ => rows,
        };
        foreach (var row in taken) account.Takes(row);
        if (options.Packing != RowPacking.None) taken = Packed(taken, options, account);
        account.Require(examples.Count, options.MaxLength);
        return new(taken, account.Done(encoder, examples.Count));
    }

    static List<LearnedRow> Cut(List<LearnedRow> rows, RowOptions options, RowCounter account)
    {
        var kept = new List<LearnedRow>();
        foreach (var row in rows)
        {
            var cut = row.Cut(options.MaxLength, options.KeepsEnd);
            bool isIdle = options.MaxLength is not null && cut.Labels.All(label => label == LearnedRow.NotCounted);
            if (isIdle) account.Drops(row.Place, Reason(row, cut, options));
            else kept.Add(cut);
            if (!isIdle && cut.Ids.Count < row.Ids.Count) account.Cuts(row.Ids.Count - cut.Ids.Count);
        }
        return kept;
    }

    // Packed rows stay, though nothing of them counts, as TRL has it.
    static LearnedRow Shortened(LearnedRow row, RowOptions options, RowCounter account)
    {
        var cut = row.Cut(options.MaxLength, options.KeepsEnd);
        if (cut.Ids.Count < row.Ids.Count) account.Cuts(row.Ids.Count - cut.Ids.Count);
        return cut;
    }

    static string Reason(LearnedRow row, LearnedRow cut, RowOptions options)
    {
        if (row.Ids.Count == 0) return "it is empty";
        return cut.Ids.Count < row.Ids.Count ? $"no token of its answer is left within {options.MaxLength}" : "none of its tokens counts";
    }

    static List<LearnedRow> Packed(List<LearnedRow> rows, RowOptions options, RowCounter account)
    {
        var packed = RowPacker.Pack(rows, options.Packing, options.MaxLength!.Value);
        account.Packs(packed, options.MaxLength!.Value);
        return packed;
    }

    static LearnedRow Paper(Example example, RowEncoder encoder, RowOptions options)
    {
        if (example is not { Prompt.Text: { } prompt, Completion.Text: { } completion })
            throw new LowrankException($"{example.Place}: rows of the LoRA paper are made of a prompt and an answer that are texts.");
        var row = PaperRow.Of(prompt, completion, encoder).Row(int.MaxValue, joint: options.CompletionOnly == false);
        return row with { Place = example.Place };
    }

    /// <summary>The rows of an example, uncut.</summary>
    static List<LearnedRow> Whole(Example example, RowEncoder encoder, RowOptions options)
    {
        if (example.Ids is { } ids) return [Given(example, ids, options)];
        bool isChat = (example.Completion ?? example.Whole)?.Messages is not null;
        if (options.AssistantOnly && !isChat)
            throw new LowrankException($"{example.Place}: only the assistant's words are to count, and it is a text, not a conversation.");
        if (options.Way == RowWay.LoraPaper) return [Paper(example, encoder, options)];
        if (example.Completion is null) return OfWhole(example, encoder, options);
        var all = example.Prompt!.Then(Completed(example.Completion, encoder));
        bool completionOnly = options.CompletionOnly ?? true;
        if (options.AssistantOnly) return Answers(example, all.Messages!, encoder, completionOnly, options);
        var row = LearnedRow.Whole(encoder.Ids(all, example, asks: false), example.Place);
        return [completionOnly ? LearnedRow.From(row.Ids, Boundary(example, row.Ids, encoder, options), example.Place) : row];
    }

    static List<LearnedRow> OfWhole(Example example, RowEncoder encoder, RowOptions options)
    {
        var said = Completed(example.Whole!, encoder);
        if (options.CompletionOnly == true)
            throw new LowrankException($"{example.Place}: only the answer is to count, and the row does not part prompt and answer. " +
                "Give data of prompt and completion, or let only the assistant's words count.");
        if (options.AssistantOnly) return Answers(example, said.Messages!, encoder, completionOnly: false, options);
        return [LearnedRow.Whole(encoder.Ids(said, example, asks: false), example.Place)];
    }

    // A text ends with the end token; a conversation as its template ends it.
    static Said Completed(Said said, RowEncoder encoder) => said.Text is { } text ? Said.Of(encoder.Ended(text)) : said;

    static int Boundary(Example example, IReadOnlyList<int> all, RowEncoder encoder, RowOptions options)
    {
        var prompt = encoder.Ids(example.Prompt!, example, asks: true);
        return options.Way == RowWay.TrlByCount ? prompt.Count : CommonIds.Count(prompt, all);
    }

    static List<LearnedRow> Answers(
        Example example, IReadOnlyList<ChatMessage> messages, RowEncoder encoder, bool completionOnly, RowOptions options)
    {
        var rows = new List<LearnedRow>();
        int prompt = example.Prompt?.Messages?.Count ?? 0;
        foreach (var answer in encoder.Answers(messages, example))
        {
            if (completionOnly && answer.Message < prompt) continue;
            var tokens = answer.Text.Encode(encoder.Tokenizer);
            var row = LearnedRow.Whole(tokens.Ids, example.Place).Masked(answer.Mask(tokens));
            bool isWhole = completionOnly && answer.Message is null;
            if (isWhole) row = row.Masked(From(row.Ids.Count, Boundary(example, row.Ids, encoder, options)));
            rows.Add(row);
        }
        return rows;
    }

    static List<int> From(int count, int first) => [.. Enumerable.Range(0, count).Select(at => at < first ? 0 : 1)];

    // Rows that bring their ids: their labels stay, and a mask counts only where the answer alone is to.
    static LearnedRow Given(Example example, IReadOnlyList<int> ids, RowOptions options)
    {
        var row = new LearnedRow(ids, example.Labels ?? ids) { Place = example.Place };
        if (row.Labels.Count != ids.Count)
            throw new LowrankException($"{example.Place}: {ids.Count} ids and {row.Labels.Count} labels. Each id has one.");
        if (example.AnswerMask is not { } mask || options.CompletionOnly != true) return row;
        if (mask.Count != ids.Count)
            throw new LowrankException($"{example.Place}: {ids.Count} ids and a mask of {mask.Count}. Each id has one.");
        return row.Masked(mask);
    }
}
