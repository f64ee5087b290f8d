using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>
/// Words as the Penn Treebank parts them, in lower case and without punctuation, as the COCO scripts make them with Stanford's tokenizer
/// (CoreNLP 3.4.1). Near, not equal: its rules for English sentences, without its lists of abbreviations, addresses and emoticons.
/// </summary>
public static partial class PtbWords
{
    // What the COCO scripts drop, as it reads in lower case.
    static readonly HashSet<string> punctuation = new(StringComparer.Ordinal)
    {
        "''", "'", "``", "`", "-lrb-", "-rrb-", "-lcb-", "-rcb-", ".", "?", "!", ",", ":", "-", "--", "...", ";",
    };

    // The parts of words in the order in which they are tried: what ends a word after an apostrophe, negations before their n, numbers,
    // acronyms, a point within or before a comma, words with hyphens inside, and any other character by itself.
    [GeneratedRegex(
        @"['’](?:s|m|d|ll|re|ve)(?!\w)" +
        @"|n['’]t(?!\w)" +
        @"|(?:\p{L}\.){2,}" +
        @"|(?:mr|mrs|ms|dr|prof|st|jr|sr|vs|inc|ltd|co|corp)\.(?=\s+\S)" +
        @"|\p{L}+\.(?:(?=,)|\p{L}(?!\p{L}))" +
        @"|[-+]?(?>\d+(?:[.,:/\-]\d+)*)(?:(?:st|nd|rd|th|s)(?!\p{L}))?(?:-[\p{L}\p{N}]+)*(?![\p{L}\p{N}])" +
        @"|can(?=not(?!\w))" +
        @"|\p{L}+?(?=n['’]t(?!\w))" +
        @"|[\p{L}\p{N}_]+(?:['’](?!(?:s|m|d|ll|re|ve|t)(?!\w))\p{L}+)*(?:[-&/][\p{L}\p{N}_]+?(?=n['’]t(?!\w))|[-&/][\p{L}\p{N}_]+)*" +
        @"|\.{2,}|--+|[–—]|''|``|\S",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Parts();

    /// <summary>The words of a text; a pound sign is <c>#</c>.</summary>
    public static string[] Of(string text) =>
        [.. Parts().Matches(text).Select(match => Written(match.Value.ToLowerInvariant())).Where(word => !punctuation.Contains(word))];

    /// <summary>The words with single spaces between.</summary>
    public static string Text(string text) => string.Join(' ', Of(text));

    static readonly Dictionary<string, string> written = new(StringComparer.Ordinal)
    {
        ["£"] = "#", ["€"] = "$", ["“"] = "''", ["”"] = "''", ["\""] = "''", ["«"] = "''", ["»"] = "''", ["‘"] = "'", ["’"] = "'",
        ["("] = "-lrb-", [")"] = "-rrb-", ["["] = "-lrb-", ["]"] = "-rrb-", ["{"] = "-lcb-", ["}"] = "-rcb-",
        ["–"] = "--", ["—"] = "--", ["…"] = "...",
    };

    static string Written(string part)
    {
        if (written.TryGetValue(part, out var known)) return known;
        if (part.StartsWith("--", StringComparison.Ordinal)) return "--";
        return part.StartsWith("..", StringComparison.Ordinal) ? "..." : part.Replace('’', '\'');
    }
}
