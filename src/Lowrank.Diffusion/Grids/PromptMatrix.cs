namespace Lowrank.Diffusion;

/// <summary>A prompt with parts that may be there or not: "a fox|snow|night" is drawn with neither, with either and with both.</summary>
/// <param name="Text">The prompt, its parts between bars; the first is always there.</param>
/// <remarks>Source: AUTOMATIC1111, scripts/prompt_matrix.py, at 1.10.1.</remarks>
public sealed record PromptMatrix(string Text)
{
    // Pictures double with each part.
    const int MostParts = 16;

    readonly string[] parts = Text.Split('|').Length <= MostParts
        ? Text.Split('|')
        : throw new LowrankException($"A matrix of {Text.Split('|').Length} parts has too many pictures; give at most {MostParts}.");

    /// <summary>Prompts in all: 2 to the number of parts that may be left out.</summary>
    public int Count => 1 << (parts.Length - 1);

    /// <summary>The numbers, from 1, of parts that say nothing: with them and without, pictures are asked for in the same words.</summary>
    public IEnumerable<int> Empty => parts.Index().Skip(1).Where(part => Bare(part.Item).Length == 0).Select(part => part.Index + 1);

    static string Bare(string part) => part.Trim().Trim(',');

    /// <summary>Rows of the grid: each half of the parts makes one direction.</summary>
    public int Rows => 1 << ((parts.Length - 1) / 2);

    /// <summary>Every choice of the parts; the first part that may be left out changes first.</summary>
    /// <param name="atStart">Whether the chosen parts stand before the first.</param>
    /// <param name="delimiter">What stands between them: ", " or " ".</param>
    public IReadOnlyList<string> Prompts(bool atStart = false, string delimiter = ", ") =>
        [.. Enumerable.Range(0, Count).Select(which => Prompt(which, atStart, delimiter))];

    string Prompt(int which, bool atStart, string delimiter)
    {
        var chosen = parts.Skip(1).Where((_, part) => (which & 1 << part) != 0).Select(Bare);
        return string.Join(delimiter, atStart ? [.. chosen, parts[0]] : (IEnumerable<string>)[parts[0], .. chosen]);
    }

    /// <summary>A seed for each prompt: all the same, or counting up.</summary>
    public IReadOnlyList<long> Seeds(long first, bool counting = false) =>
        [.. Enumerable.Range(0, Count).Select(i => counting ? first + i : first)];

    /// <summary>Labels of the columns: the first half of the parts, those that are left out struck through.</summary>
    public IReadOnlyList<LabelText> ColumnLabels => Labels(parts[1..(1 + parts.Length / 2)]);

    /// <summary>Labels of the rows: the second half.</summary>
    public IReadOnlyList<LabelText> RowLabels => Labels(parts[(1 + parts.Length / 2)..]);

    static IReadOnlyList<LabelText> Labels(string[] half) =>
        [.. Enumerable.Range(0, 1 << half.Length).Select(which => LabelText.OfLines(half.Select((part, i) =>
            new LabelLine(Bare(part), IsStruck: (which & 1 << i) == 0))))];
}
