using System.Text.RegularExpressions;
using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>Tells words of a text that nothing supports: neither its facts, nor what people wrote about them, nor the way in which people
/// write about such places at all.</summary>
sealed partial class SupportedWords
{
    // How many texts use a word that belongs to the way of writing: a slip of one writer does not.
    const int Usual = 5;

    readonly Dictionary<string, int> used = [];
    readonly HashSet<string> values = [];

    /// <summary>By the texts that were learnt.</summary>
    /// <param name="rows">Facts with texts.</param>
    public SupportedWords(IReadOnlyList<DataToText> rows)
    {
        foreach (var row in rows)
        {
            foreach (var (_, value) in ToldFacts.Of(row.Context)) values.UnionWith(Of(value));
            foreach (string text in row.References)
                foreach (string word in Of(text).Distinct()) used[word] = used.GetValueOrDefault(word) + 1;
        }
    }

    /// <summary>Pieces of a text in order, each with whether it is a word that nothing supports.</summary>
    /// <param name="text">What a model wrote.</param>
    /// <param name="row">The facts, and what people wrote.</param>
    public IReadOnlyList<(string Text, bool IsInvented)> Marked(string text, DataToText row)
    {
        var own = new HashSet<string>(row.References.Append(row.Context).SelectMany(Of));
        var pieces = new List<(string, bool)>();
        int at = 0;
        foreach (Match word in Word().Matches(text))
        {
            if (word.Index > at) pieces.Add((text[at..word.Index], false));
            pieces.Add((word.Value, !IsSupported(word.Value.ToLowerInvariant(), own)));
            at = word.Index + word.Length;
        }
        if (at < text.Length) pieces.Add((text[at..], false));
        return pieces;
    }

    /// <summary>Whether a text has such a word.</summary>
    public bool Invents(string text, DataToText row) => Marked(text, row).Any(piece => piece.IsInvented);

    // A usual word that is another place's fact is no way of writing.
    bool IsSupported(string word, HashSet<string> own) =>
        own.Contains(word) || !values.Contains(word) && used.GetValueOrDefault(word) >= Usual || IsFunction(word);

    // "of" stands in a value too, and says nothing by itself.
    static bool IsFunction(string word) =>
        word.Length <= 3 && !char.IsAsciiDigit(word[0]) || word is "than" or "more" or "less" or "friendly";

    static IEnumerable<string> Of(string text) => Word().Matches(text.ToLowerInvariant()).Select(word => word.Value);

    [GeneratedRegex(@"[\p{L}\p{N}]+(['’]\p{L}+)?")]
    private static partial Regex Word();
}
