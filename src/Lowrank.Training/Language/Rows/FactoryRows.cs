namespace Lowrank.Training;

/// <summary>Rows by LLaMA-Factory's rules (ff6d4d1): all answers count, with their end, and a limit is shared between question and
/// answer.</summary>
static class FactoryRows
{
    const string Uneven = "its questions and answers do not alternate, from a question to an answer";

    /// <summary>The rows; conversations that do not alternate are dropped.</summary>
    /// <exception cref="LowrankException">Texts instead of conversations, options that do not go together, or no row left.</exception>
    public static PreparedRows Of(IReadOnlyList<Example> examples, RowEncoder encoder, FactoryOptions options)
    {
        options.Check();
        var counter = new RowCounter();
        var maker = new FactoryTurns(encoder, options);
        var rows = new List<LearnedRow>();
        foreach (var example in examples)
        {
            var turns = maker.Of(Messages(example));
            if (turns is null) counter.Drops(example.Place, Uneven);
            else rows.Add(Row(turns, options, example, counter));
        }
        foreach (var row in rows) counter.Takes(row);
        counter.Require(examples.Count, options.Cutoff);
        return new(rows, counter.Done(encoder, examples.Count));
    }

    /// <summary>Pairs: both sides share one length of the prompt, taken from the longer answer.</summary>
    /// <exception cref="LowrankException">Texts instead of conversations, or no pair left.</exception>
    public static PreparedPairs Pairs(IReadOnlyList<Example> examples, RowEncoder encoder, FactoryOptions options)
    {
        var counter = new RowCounter();
        var maker = new FactoryTurns(encoder, options);
        var pairs = new List<PairRow>();
        foreach (var given in examples)
        {
            var example = ImplicitPrompts.Parted(given);
            var chosen = maker.Of(Messages(example with { Completion = example.Chosen }));
            var rejected = maker.Of(Messages(example with { Completion = example.Rejected }));
            if (chosen is null || rejected is null)
            {
                counter.Drops(example.Place, Uneven);
                continue;
            }
            var prompt = Prompt(chosen);
            int longer = Math.Max(chosen[^1].Target.Count, rejected[^1].Target.Count);
            var (source, target) = Shares(prompt.Count, longer, options.Cutoff);
            LearnedRow Side(IReadOnlyList<int> answer) => Joined(prompt, source, answer, target, example);
            pairs.Add(new(Side(chosen[^1].Target), Side(rejected[^1].Target)) { ChosenPrompt = source, RejectedPrompt = source });
        }
        foreach (var pair in pairs)
        {
            counter.Takes(pair.Chosen);
            counter.Takes(pair.Rejected);
        }
        counter.Require(examples.Count, options.Cutoff);
        return new(pairs, counter.Done(encoder, examples.Count));
    }

    /// <summary>Single answers for KTO, and beside each the row with the answer of the row before it, the first with the last
    /// one's.</summary>
    /// <returns>Rows, their mismatched ones, and whether each answer is good.</returns>
    public static IReadOnlyList<(LearnedRow Row, LearnedRow Mismatched, bool IsGood)> Single(
        IReadOnlyList<Example> examples, RowEncoder encoder, FactoryOptions options)
    {
        var maker = new FactoryTurns(encoder, options);
        var rows = new List<(LearnedRow, LearnedRow, bool)>();
        for (int at = 0; at < examples.Count; at++)
        {
            var example = examples[at];
            var other = example with { Completion = examples[(at + examples.Count - 1) % examples.Count].Completion };
            bool isGood = example.IsGood ?? throw new LowrankException($"{example.Place} does not say whether its answer is a good one.");
            rows.Add((Answered(example), Answered(other), isGood));
        }
        return rows;

        LearnedRow Answered(Example example)
        {
            var turns = maker.Of(Messages(example)) ?? throw new LowrankException($"{example.Place}: {Uneven}.");
            var prompt = Prompt(turns);
            var (source, target) = Shares(prompt.Count, turns[^1].Target.Count, options.Cutoff);
            return Joined(prompt, source, turns[^1].Target, target, example);
        }
    }

    static List<int> Prompt(List<FactoryTurn> turns) =>
        [.. turns.SkipLast(1).SelectMany(turn => turn.Source.Concat(turn.Target)), .. turns[^1].Source];

    static LearnedRow Joined(List<int> prompt, int source, IReadOnlyList<int> answer, int target, Example example) =>
        LearnedRow.From([.. prompt.Take(source), .. answer.Take(target)], source, example.Place);

    static IReadOnlyList<ChatMessage> Messages(Example example)
    {
        var said = example.Whole ?? (example.Completion is null ? example.Prompt! : example.Prompt!.Then(example.Completion));
        return said.Messages ?? throw new LowrankException($"{example.Place} is a text, and these rows are made of conversations or " +
            "instructions. Take the rows trl for texts.");
    }

    // Turn by turn while there is room; where the last answer alone counts it is served first.
    static LearnedRow Row(List<FactoryTurn> turns, FactoryOptions options, Example example, RowCounter counter)
    {
        var pieces = new List<(IReadOnlyList<int> Ids, IReadOnlyList<int> Labels)>();
        int total = 0, whole = turns.Sum(turn => turn.Source.Count + turn.Target.Count);
        foreach (var turn in options.MaskHistory ? Enumerable.Reverse(turns) : turns)
        {
            if (total >= options.Cutoff) break;
            var (source, target) = Shares(turn.Source.Count, turn.Target.Count, options.Cutoff - total);
            total += source + target;
            bool isIdle = options.MaskHistory && pieces.Count > 0;
            var asked = turn.Source.Take(source).ToList();
            var answered = turn.Target.Take(target).ToList();
            IEnumerable<int> askedLabels = options.TrainOnPrompt ? asked : Enumerable.Repeat(LearnedRow.NotCounted, source);
            IEnumerable<int> answeredLabels = isIdle ? Enumerable.Repeat(LearnedRow.NotCounted, target) : answered;
            pieces.Add(([.. asked, .. answered], [.. askedLabels, .. answeredLabels]));
        }
        if (options.MaskHistory) pieces.Reverse();
        if (total < whole) counter.Cuts(whole - total);
        return new([.. pieces.SelectMany(piece => piece.Ids)], [.. pieces.SelectMany(piece => piece.Labels)]) { Place = example.Place };
    }

    /// <summary>How many tokens of a question and of its answer stay: the one that is less than half of the room is whole, or each has its
    /// share (infer_seqlen).</summary>
    public static (int Source, int Target) Shares(int source, int target, int room)
    {
        int most = (int)(room * ((double)target / Math.Max(1, source + target)));
        if (target * 2 < room) most = room;
        else if (source * 2 < room) most = room - source;
        int kept = Math.Min(most, target);
        return (Math.Min(Math.Max(room - kept, 0), source), kept);
    }
}
