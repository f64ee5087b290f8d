namespace Lowrank.Training;

/// <summary>Pairs for ORPO and CPO, which TRL prepares in its older way.</summary>
/// <remarks>
/// The begin token stands in front unless it is there, the end token behind unless it is the last; the answer begins behind as many tokens
/// as the prompt alone has, or one before where the prompt's last token has changed, so that the prompts of a pair may differ by one token.
/// A prompt that fills the limit leaves an empty answer, and the row stays. (trl.experimental, ORPOTrainer.tokenize_row.)
/// </remarks>
static class OlderPreferenceRows
{
    /// <summary>The pairs, cut to the limit.</summary>
    /// <exception cref="LowrankException">A prompt with its answer is shorter than the prompt alone, or no answer is left.</exception>
    public static PreparedPairs Of(IReadOnlyList<Example> examples, RowEncoder encoder, RowOptions options)
    {
        var counter = new RowCounter();
        var pairs = new List<PairRow>();
        foreach (var given in examples)
        {
            var example = ImplicitPrompts.Parted(given);
            var prompt = Prompt(example, encoder);
            var (chosen, rejected) = (Side(example, example.Chosen!, prompt, encoder), Side(example, example.Rejected!, prompt, encoder));
            int longer = Math.Max(chosen.Answer.Count, rejected.Answer.Count);
            pairs.Add(new(Row(chosen, longer, options, counter, given), Row(rejected, longer, options, counter, given), given.Margin)
            {
                ChosenPrompt = chosen.Prompt.Count, RejectedPrompt = rejected.Prompt.Count,
            });
        }
        return new(pairs, counter.Done(encoder, examples.Count));
    }

    static IReadOnlyList<int> Prompt(Example example, RowEncoder encoder) => Bare(example.Prompt!, example, encoder, asks: true);

    static IReadOnlyList<int> Bare(Said said, Example example, RowEncoder encoder, bool asks) =>
        said.Messages is { } messages
            ? encoder.Rendered(messages, example, asks).Encode(encoder.Tokenizer).Ids
            : encoder.BareText(said.Text!);

    static (List<int> Prompt, List<int> Answer) Side(Example example, Said answer, IReadOnlyList<int> prompt, RowEncoder encoder)
    {
        var all = Bare(example.Prompt!.Then(answer), example, encoder, asks: false);
        if (all.Count < prompt.Count)
            throw new LowrankException($"{example.Place}: prompt and answer have {all.Count} tokens, and the prompt alone has " +
                $"{prompt.Count}. Where does the template end a conversation before its answer?");
        int boundary = CommonIds.Count(prompt, all) < prompt.Count ? prompt.Count - 1 : prompt.Count;
        List<int> asked = [.. all.Take(boundary)], answered = [.. all.Skip(boundary)];
        if (encoder.Tokens.Begin is { } begin && (asked.Count == 0 || asked[0] != begin)) asked.Insert(0, begin);
        if (answered.Count == 0 || answered[^1] != encoder.Tokens.End) answered.Add(encoder.Tokens.End);
        return (asked, answered);
    }

    static LearnedRow Row((List<int> Prompt, List<int> Answer) side, int longer, RowOptions options, RowCounter counter, Example example)
    {
        var (prompt, answer) = side;
        bool isLong = options.MaxLength is { } most && prompt.Count + longer > most;
        int kept = isLong ? Math.Max(0, options.MaxLength!.Value - prompt.Count) : answer.Count;
        if (kept < answer.Count) counter.Cuts(answer.Count - kept);
        var row = LearnedRow.From([.. prompt, .. answer.Take(kept)], prompt.Count, example.Place);
        counter.Takes(row);
        return row;
    }
}
