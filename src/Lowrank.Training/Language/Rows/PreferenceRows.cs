namespace Lowrank.Training;

/// <summary>Preference examples as pairs of rows, as TRL's trainers prepare them.</summary>
static class PreferenceRows
{
    /// <summary>Pairs for DPO: rows whose prompt fills the limit are dropped, unless the beginning is what is cut; nothing is cut
    /// here.</summary>
    /// <exception cref="LowrankException">No pair is left.</exception>
    public static PreparedPairs ForDirect(IReadOnlyList<Example> examples, RowEncoder encoder, RowOptions options)
    {
        var counter = new RowCounter();
        var pairs = new List<PairRow>();
        foreach (var given in examples)
        {
            var (example, chosen, rejected, prompt) = Sides(given, encoder);
            int boundary = Math.Min(CommonIds.Count(prompt, chosen), CommonIds.Count(prompt, rejected));
            if (PromptFills(boundary, options)) counter.Drops(given.Place, $"its prompt fills the limit of {options.MaxLength} tokens");
            else pairs.Add(Pair(chosen, rejected, boundary, boundary, given));
        }
        return Done(pairs, counter, encoder, examples.Count, options);
    }

    /// <summary>Pairs for a reward model: those with a text above the limit are dropped, and none is cut.</summary>
    /// <exception cref="LowrankException">No pair is left.</exception>
    public static PreparedPairs ForReward(IReadOnlyList<Example> examples, RowEncoder encoder, RowOptions options)
    {
        var counter = new RowCounter();
        var pairs = new List<PairRow>();
        foreach (var example in examples)
        {
            var (chosen, rejected) = (All(example, example.Chosen!, encoder), All(example, example.Rejected!, encoder));
            bool isLong = options.MaxLength is { } most && Math.Max(chosen.Count, rejected.Count) > most;
            if (isLong) counter.Drops(example.Place, $"one of its texts is longer than {options.MaxLength} tokens");
            else pairs.Add(Pair(chosen, rejected, 0, 0, example));
        }
        return Done(pairs, counter, encoder, examples.Count, options);
    }

    /// <summary>Rows for KTO: pairs become rows, all chosen first, in blocks of 1000; then another row's answer is put to each for the
    /// estimate of the divergence, within each batch of the rows' order.</summary>
    /// <param name="examples">Unpaired examples or pairs.</param>
    /// <param name="encoder">Makes ids.</param>
    /// <param name="options">The limit.</param>
    /// <param name="batchSize">Rows in a batch; null where the objective needs no estimate.</param>
    /// <exception cref="LowrankException">No row is left, or a batch has one row.</exception>
    public static PreparedUnpaired ForSingle(IReadOnlyList<Example> examples, RowEncoder encoder, RowOptions options, int? batchSize)
    {
        if (batchSize is < 2) throw new LowrankException($"a batch has {batchSize} row, and the estimate of the divergence puts another " +
            "row's answer to each. Take 2 rows or more.");
        var counter = new RowCounter();
        var rows = new List<UnpairedRow>();
        foreach (var example in Unpaired(examples))
        {
            bool isGood = example.IsGood ?? throw new LowrankException($"{example.Place} does not say whether its answer is a good one. " +
                "Rows of single answers have prompt, completion and label, true or false.");
            var answer = Completed(example.Completion!, encoder);
            var all = encoder.Ids(example.Prompt!.Then(answer), example, asks: false);
            int boundary = CommonIds.Count(encoder.Ids(example.Prompt!, example, asks: true), all);
            if (PromptFills(boundary, options))
            {
                counter.Drops(example.Place, $"its prompt fills the limit of {options.MaxLength} tokens");
                continue;
            }
            counter.Takes(all.Count, all.Count - boundary);
            rows.Add(new([.. all.Take(boundary)], [.. all.Skip(boundary)], isGood, example.Place));
        }
        counter.Require(examples.Count, options.MaxLength);
        IReadOnlyList<UnpairedRow> matched = batchSize is { } size ? [.. rows.Chunk(size).SelectMany(UnpairedRow.Matched)] : rows;
        return new(matched, counter.Done(encoder, examples.Count));
    }

    const int Block = 1000;

    static IEnumerable<Example> Unpaired(IReadOnlyList<Example> examples)
    {
        foreach (var block in examples.Chunk(Block))
        {
            var parted = block.Select(example => example.Chosen is null ? example : ImplicitPrompts.Parted(example)).ToList();
            foreach (var one in parted) yield return one.Chosen is null ? one : one with { Completion = one.Chosen, IsGood = true };
            foreach (var one in parted)
                if (one.Chosen is not null) yield return one with { Completion = one.Rejected, IsGood = false };
        }
    }

    static bool PromptFills(int prompt, RowOptions options) => !options.KeepsEnd && options.MaxLength is { } most && prompt >= most;

    static (Example Parted, IReadOnlyList<int> Chosen, IReadOnlyList<int> Rejected, IReadOnlyList<int> Prompt) Sides(
        Example given, RowEncoder encoder)
    {
        var example = ImplicitPrompts.Parted(given);
        return (example, All(example, example.Chosen!, encoder), All(example, example.Rejected!, encoder),
            encoder.Ids(example.Prompt!, example, asks: true));
    }

    // Prompt and answer, with the end token that texts get.
    static IReadOnlyList<int> All(Example example, Said answer, RowEncoder encoder)
    {
        var completed = Completed(answer, encoder);
        return encoder.Ids(example.Prompt?.Then(completed) ?? completed, example, asks: false);
    }

    static Said Completed(Said said, RowEncoder encoder) => said.Text is { } text ? Said.Of(encoder.Ended(text)) : said;

    static PairRow Pair(IReadOnlyList<int> chosen, IReadOnlyList<int> rejected, int chosenPrompt, int rejectedPrompt, Example example) =>
        new(LearnedRow.From(chosen, chosenPrompt, example.Place), LearnedRow.From(rejected, rejectedPrompt, example.Place), example.Margin)
        {
            ChosenPrompt = chosenPrompt, RejectedPrompt = rejectedPrompt,
        };

    static PreparedPairs Done(List<PairRow> pairs, RowCounter counter, RowEncoder encoder, int examples, RowOptions options)
    {
        foreach (var pair in pairs)
        {
            counter.Takes(pair.Chosen);
            counter.Takes(pair.Rejected);
        }
        counter.Require(examples, options.MaxLength);
        return new(pairs, counter.Done(encoder, examples));
    }
}
