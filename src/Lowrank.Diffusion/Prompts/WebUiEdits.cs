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
        var second = old ? null : pass.Before;
        int steps = old && pass.Before is { } before ? before : pass.Steps;
        if (WebUiGrammar.Parse(prompt) is not { } pieces) return [new(steps, prompt)];
        var ends = new SortedSet<int> { steps };
        foreach (var piece in pieces) piece.AddEnds(ends, steps, When);
        return [.. ends.Select(step => new ScheduledText(step, string.Concat(pieces.Select(piece => piece.At(step, When)))))];

        int When(string number)
        {
            double value = PythonNumbers.Float(number)!.Value;
            if (old) value = value < 1 ? value * steps : value;
            else if (number.Contains('.')) value = (value - (second is null ? 0 : 1)) * steps;
            else value -= second ?? 0;
            return (int)Math.Clamp(Math.Truncate(value), int.MinValue, steps);
        }
    }
}
