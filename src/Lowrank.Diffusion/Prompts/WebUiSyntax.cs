using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>
/// AUTOMATIC1111's syntax (modules/prompt_parser.py of v1.10.1): prompts joined by AND, each perhaps with a weight at its end, and words
/// that change on the way (<see cref="WebUiEdits"/>).
/// </summary>
/// <remarks>
/// The web UI looks a text up with "evaluation ≤ end", the evaluation counted from 0 and the end from 1: a change "at 3" shows first in
/// the fifth evaluation, and of words that alternate the first is said twice. Evaluations behind the last end say the first text again.
/// </remarks>
/// <param name="HasOldScheduling">
/// Whether numbers below 1 alone are shares, and a second pass counts as the first one does: the web UI's setting use_old_scheduling.
/// </param>
public sealed partial record WebUiSyntax(bool HasOldScheduling = false) : PromptSyntax
{
    /// <summary>What AUTOMATIC1111 calls the setting in texts of pictures.</summary>
    public const string OldField = "Old prompt editing timelines";

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> InfoFields => HasOldScheduling ? [new(OldField, "True")] : [];

    /// <inheritdoc/>
    public override PromptPlan Read(string prompt, PromptPass pass) =>
        new([.. Parts(prompt).Select(part => Part(part.Text, part.Weight, pass))]);

    /// <inheritdoc/>
    public override PromptPlan ReadNegative(string prompt, PromptPass pass) => new([Part(prompt, 1, pass)]);

    /// <summary>The prompts that AND joins, with their weights: "a cat :1.2 AND a dog" gives a cat 1.2 and a dog 1.</summary>
    public static IReadOnlyList<WeightedText> Parts(string prompt) =>
    [
        .. from text in And().Split(prompt)
           let found = WeightAtEnd().Match(text)
           let weight = found.Groups[2]
           select new WeightedText(found.Groups[1].Value, weight.Success ? double.Parse(weight.Value, CultureInfo.InvariantCulture) : 1),
    ];

    /// <summary>What of a prompt AND leaves empty, or weighs by what is no number, a sentence each.</summary>
    public static IEnumerable<string> JoinRemarks(string prompt)
    {
        if (!And().IsMatch(prompt)) yield break;
        foreach (var part in Parts(prompt))
        {
            if (string.IsNullOrWhiteSpace(part.Text)) yield return $"AND joins an empty prompt in \"{prompt}\", which is drawn as one";
            else if (WordAtEnd().Match(part.Text) is { Success: true } word)
                yield return $"\"{word.Value.Trim()}\" at the end of \"{part.Text.Trim()}\" gives no weight, and is read as words: " +
                    "write a number such as :1.2";
        }
    }

    /// <summary>What of a prompt no evaluation says: "b" of [a:b:50].</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="isNegative">Whether it is said against the others, and joins nothing.</param>
    /// <param name="passes">The passes that say it, each with the evaluations that are made of it.</param>
    public IEnumerable<string> Unsaid(
        string prompt, bool isNegative, IReadOnlyCollection<(PromptPass Pass, int Evaluations)> passes)
    {
        IEnumerable<string> texts = isNegative ? [prompt] : Parts(prompt).Select(part => part.Text);
        return from text in texts
               from lost in WebUiEdits.Unsaid(text, passes, HasOldScheduling)
               select $"\"{lost.Words}\" of {lost.Piece}";
    }

    /// <summary>A prompt without comments: lines that begin with #, and the rest of a line behind one.</summary>
    public static string WithoutComments(string prompt) => CommentBehind().Replace(CommentLine().Replace(prompt, "\n"), "\n");

    PromptPart Part(string text, double weight, PromptPass pass)
    {
        var turns = new List<PromptTurn>();
        int from = 0;
        foreach (var (until, said) in WebUiEdits.Read(text, pass, HasOldScheduling))
        {
            turns.Add(new(from, said));
            from = until + 1;
        }
        return new(turns, weight, turns.Count > 1 ? from : null);
    }

    [GeneratedRegex("""\bAND\b""")]
    private static partial Regex And();

    [GeneratedRegex("""^(.*?)(?:\s*:\s*([-+]?(?:[0-9]+\.?|[0-9]*\.[0-9]+)))?\s*$""", RegexOptions.Singleline)]
    private static partial Regex WeightAtEnd();

    [GeneratedRegex(""":\s*[^\s:()\[\]|,]*\s*$""")]
    private static partial Regex WordAtEnd();

    [GeneratedRegex("""(^|\n)#[^\n]*(\n|$)""")]
    private static partial Regex CommentLine();

    [GeneratedRegex("""#[^\n]*(\n|$)""")]
    private static partial Regex CommentBehind();
}
