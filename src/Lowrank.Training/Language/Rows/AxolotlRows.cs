namespace Lowrank.Training;

/// <summary>Rows by axolotl's rules (067b021): a conversation is rendered whole, and each turn is found in it by comparing with one that
/// says something else.</summary>
static class AxolotlRows
{
    // What is put in place of a turn's words, and how far behind them its end token may stand.
    const string Dummy = "[[dummy_message]]";
    const int Near = 3;

    /// <summary>The rows.</summary>
    /// <exception cref="LowrankException">Texts instead of conversations, or no row left.</exception>
    public static PreparedRows Of(IReadOnlyList<Example> examples, RowEncoder encoder, AxolotlOptions options)
    {
        options.Check();
        var counter = new RowCounter();
        var rows = new List<LearnedRow>();
        foreach (var example in examples)
        {
            var said = example.Whole ?? example.Prompt!.Then(example.Completion!);
            var messages = said.Messages ?? throw new LowrankException($"{example.Place} is a text, and these rows are made of " +
                "conversations. Take the rows trl for texts.");
            rows.Add(options.Roles is null ? OfOld(messages, example, encoder) : Row(messages, example, encoder, options));
        }
        foreach (var row in rows) counter.Takes(row);
        counter.Require(examples.Count, null);
        return new(rows, counter.Done(encoder, examples.Count));
    }

    /// <summary>Instructions: the prompt's text and the answer are made tokens of apart, and the answer counts with its end.</summary>
    /// <param name="prompt">The text before the answer.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="encoder">Makes ids.</param>
    /// <param name="trainsOnInputs">Whether the prompt counts too.</param>
    public static LearnedRow Instruction(string prompt, string answer, RowEncoder encoder, bool trainsOnInputs)
    {
        var asked = encoder.Text(prompt);
        int[] answered = [.. encoder.BareText(answer), encoder.Tokens.End];
        return LearnedRow.From([.. asked, .. answered], trainsOnInputs ? 0 : asked.Count);
    }

    /// <summary>An instruction in axolotl's words for a chat.</summary>
    public static string ChatPrompt(string instruction, string input)
    {
        bool hasInput = input.Length > 0;
        string context = hasInput ? ", paired with an input that provides further context" : "", given = hasInput ? $"\n{input}" : "";
        return $"SYSTEM: Below is an instruction that describes a task{context}. Write a response that appropriately completes the " +
            $"request.\nUSER: {instruction}{given}\nASSISTANT:";
    }

    static LearnedRow Row(IReadOnlyList<ChatMessage> messages, Example example, RowEncoder encoder, AxolotlOptions options)
    {
        var ids = Ids(messages, example, encoder, asks: false);
        int[] labels = [.. Enumerable.Repeat(LearnedRow.NotCounted, ids.Count)];
        int last = -1;
        for (int turn = 0; turn < messages.Count; turn++)
        {
            bool counts = Counts(messages[turn], options);
            var (start, end) = Find(messages, turn, example, encoder);
            if (counts)
                for (int at = Math.Max(0, start); at < end; at++) labels[at] = ids[at];
            int close = FirstEnd(ids, end, encoder.Tokens.End);
            if (Math.Abs(close - end) > Near) continue;
            if (counts) last = close;
            bool endCounts = options.Ends == "all" || (options.Ends == "turn" && counts);
            if (endCounts && close >= 0) labels[close] = ids[close];
        }
        if (options.Ends == "last" && last >= 0) labels[last] = ids[last];
        return new(ids, labels) { Place = example.Place };
    }

    static bool Counts(ChatMessage message, AxolotlOptions options)
    {
        bool isFlagged = options.FlagField is not null && message.Fields.GetValueOrDefault(options.FlagField) is bool;
        if (isFlagged) return (bool)message.Fields[options.FlagField!]!;
        return options.TrainOnInputs || options.Roles!.Contains(message.Role);
    }

    static (int Start, int End) Find(IReadOnlyList<ChatMessage> messages, int turn, Example example, RowEncoder encoder)
    {
        var before = messages.Take(turn).ToList();
        var dummy = Ids([.. before, new ChatMessage(messages[turn].Role ?? "", Dummy)], example, encoder, asks: false);
        var full = Ids([.. before, messages[turn]], example, encoder, asks: false);
        int start = CommonIds.Count(dummy, full), shorter = Math.Min(dummy.Count, full.Count);
        if (start == shorter) return (-1, -1);
        int same = CommonIds.Count([.. Enumerable.Reverse(dummy)], [.. Enumerable.Reverse(full)]);
        int end = full.Count - same;
        return end <= start ? (-1, -1) : (start, end);
    }

    static int FirstEnd(IReadOnlyList<int> ids, int from, int endToken)
    {
        for (int at = Math.Max(0, from); at < ids.Count; at++)
            if (ids[at] == endToken) return at;
        return -1;
    }

    // The ids of the prompt, and of the whole what lies behind as many: where a template asks otherwise than it shows, a token goes.
    static LearnedRow OfOld(IReadOnlyList<ChatMessage> messages, Example example, RowEncoder encoder)
    {
        var prompt = Ids([.. messages.SkipLast(1)], example, encoder, asks: true);
        var all = Ids(messages, example, encoder, asks: false);
        return LearnedRow.From([.. prompt, .. all.Skip(prompt.Count)], prompt.Count, example.Place);
    }

    static IReadOnlyList<int> Ids(IReadOnlyList<ChatMessage> messages, Example example, RowEncoder encoder, bool asks) =>
        encoder.Rendered(messages, example, asks).Encode(encoder.Tokenizer).Ids;
}
