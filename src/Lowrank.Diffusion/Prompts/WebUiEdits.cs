namespace Lowrank.Diffusion;

/// <summary>
/// Words that change on the way, as AUTOMATIC1111 reads them: [from:to:when], [to:when], [from::when], and [a|b] that alternate.
/// </summary>
/// <remarks>
/// Source: the grammar and schedule of modules/prompt_parser.py, v1.10.1. A bracket that makes none of these stands for itself. A text
/// that the grammar has no place for at all says itself from beginning to end: one with a "|" outside of [a|b], or a backslash before
/// nothing or a line's end. The grammar reads some texts in two ways, and lark 1.1.2 takes one by chance of a hash, where brackets that
/// close nothing follow an edit at once: "[a:3]))". Here what can be an edit is one.
/// </remarks>
public static class WebUiEdits
{
    /// <summary>The texts that are said one after the other; the last one up to the end.</summary>
    /// <param name="prompt">One prompt, without AND.</param>
    /// <param name="pass">
    /// Its steps. A "when" with a point is a share of them, from 1.0 on of a second pass; another is a step, which counts on over passes.
    /// </param>
    /// <param name="old">Whether numbers below 1 alone are shares, and a second pass is read as the first.</param>
    public static IReadOnlyList<ScheduledText> Read(string prompt, PromptPass pass, bool old = false)
    {
        var clock = new Clock(pass, old);
        if (WebUiGrammar.Parse(prompt) is not { } pieces) return [new(clock.Steps, prompt)];
        return [.. Ends(pieces, clock).Select(step => new ScheduledText(step, WebUiPiece.Said(pieces, step, clock.When)))];
    }

    /// <summary>
    /// What of edits and of words that alternate is never said, with the piece that it stands in; of nested ones the outermost.
    /// </summary>
    /// <param name="prompt">One prompt, without AND.</param>
    /// <param name="passes">The passes that say it, each with the evaluations that are made of it.</param>
    /// <param name="old">As <see cref="Read"/> has it.</param>
    public static IEnumerable<(string Words, string Piece)> Unsaid(
        string prompt, IEnumerable<(PromptPass Pass, int Evaluations)> passes, bool old = false)
    {
        if (WebUiGrammar.Parse(prompt) is not { } pieces) return [];
        var said = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var (pass, evaluations) in passes)
        {
            var clock = new Clock(pass, old);
            var ends = Ends(pieces, clock);
            // Behind the last end the first text is said again.
            var steps = Enumerable.Range(0, evaluations)
                .Select(evaluation => evaluation > ends.Max ? ends.Min : ends.First(end => evaluation <= end));
            foreach (int step in steps.Distinct())
                foreach (var piece in pieces) piece.AddSaid(said, step, clock.When);
        }
        return pieces.SelectMany(piece => piece.Unsaid(said)).Distinct();
    }

    static SortedSet<int> Ends(IReadOnlyList<WebUiPiece> pieces, Clock clock)
    {
        var ends = new SortedSet<int> { clock.Steps };
        foreach (var piece in pieces) piece.AddEnds(ends, clock.Steps, clock.When);
        return ends;
    }

    // What a number means in a pass.
    sealed record Clock(PromptPass Pass, bool Old)
    {
        public int Steps => Old && Pass.Before is { } before ? before : Pass.Steps;

        public int When(string number)
        {
            double value = PythonNumbers.Float(number)!.Value;
            int before = Old ? 0 : Pass.Before ?? 0;
            bool isOfSecond = !Old && Pass.Before is not null;
            if (Old) value = value < 1 ? value * Steps : value;
            else if (number.Contains('.')) value = (value - (isOfSecond ? 1 : 0)) * Steps;
            else value -= before;
            return (int)Math.Clamp(Math.Truncate(value), int.MinValue, Steps);
        }
    }
}
