namespace Lowrank.Language;

/// <summary>A <see cref="ScoredText"/> as the words that a measure compares.</summary>
/// <param name="Hypothesis">The model's words.</param>
/// <param name="References">The people's.</param>
public sealed record ScoredWords(IReadOnlyList<string> Hypothesis, IReadOnlyList<IReadOnlyList<string>> References)
{
    /// <summary>Texts as words.</summary>
    /// <exception cref="LowrankException">There are none, or one has no reference.</exception>
    public static List<ScoredWords> Of(IReadOnlyList<ScoredText> texts, Func<string, IReadOnlyList<string>> words)
    {
        if (texts.Count == 0) throw new LowrankException("there are no texts to measure. Is the file of answers empty?");
        var rows = new List<ScoredWords>(texts.Count);
        foreach (var (row, text) in texts.Index())
        {
            if (text.References.Count == 0)
                throw new LowrankException($"row {row + 1} has no reference to be compared with. Leave it out, or give one.");
            rows.Add(new(words(text.Hypothesis), [.. text.References.Select(words)]));
        }
        return rows;
    }
}
