namespace Lowrank.Diffusion;

/// <summary>How the parts of a <see cref="PromptMatrix"/> come together.</summary>
/// <param name="AtStart">Whether the chosen parts stand before the first.</param>
/// <param name="WithBlanks">Whether blanks stand between them, rather than commas.</param>
/// <param name="OfNegative">Whether it is the negative prompt that is taken apart.</param>
/// <param name="CountsSeeds">Whether each picture has the next seed.</param>
public sealed record MatrixForm(bool AtStart = false, bool WithBlanks = false, bool OfNegative = false, bool CountsSeeds = false)
{
    static readonly (string Word, Func<MatrixForm, bool> Is, Func<MatrixForm, MatrixForm> With)[] words =
    [
        ("start", form => form.AtStart, form => form with { AtStart = true }),
        ("blanks", form => form.WithBlanks, form => form with { WithBlanks = true }),
        ("negative", form => form.OfNegative, form => form with { OfNegative = true }),
        ("seeds", form => form.CountsSeeds, form => form with { CountsSeeds = true }),
    ];

    /// <summary>What stands between the parts.</summary>
    public string Delimiter => WithBlanks ? " " : ", ";

    /// <summary>The words that choose a form.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. words.Select(one => one.Word)];

    /// <summary>The form that words choose, in any order.</summary>
    /// <exception cref="LowrankException">There is no such word; all are told.</exception>
    public static MatrixForm Of(IEnumerable<string> chosen) => chosen.Aggregate(new MatrixForm(), (form, word) =>
        words.FirstOrDefault(one => one.Word == word.Trim()).With is { } with
            ? with(form)
            : throw new LowrankException($"a matrix has no \"{word}\"; there are {string.Join(", ", Words)}"));

    /// <summary>The words of this one; empty where it is the usual.</summary>
    public string Text => string.Join(", ", words.Where(one => one.Is(this)).Select(one => one.Word));
}
