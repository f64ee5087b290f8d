using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>The words of NIST's mteval-v13a, which BLEU and NIST count ("13a" in sacreBLEU).</summary>
public static partial class MtevalWords
{
    [GeneratedRegex(@"([\{-\~\[-\` -\&\(-\+\:-\@\/])")] private static partial Regex Marks();
    [GeneratedRegex(@"([^0-9])([\.,])")] private static partial Regex PointAfterNoDigit();
    [GeneratedRegex(@"([\.,])([^0-9])")] private static partial Regex PointBeforeNoDigit();
    [GeneratedRegex(@"([0-9])(-)")] private static partial Regex DashAfterDigit();

    /// <summary>The words, their case as written.</summary>
    public static string[] Of(string text)
    {
        text = text.Replace("<skipped>", "").Replace("-\n", "").Replace('\n', ' ');
        return WhiteSpaceWords.Of(WithPointsApart(WithMarksApart(text)));
    }

    /// <summary>The text with its entities read and spaces around its marks, but for points, commas, dashes and apostrophes.</summary>
    internal static string WithMarksApart(string text)
    {
        text = text.Replace("&quot;", "\"").Replace("&amp;", "&").Replace("&lt;", "<").Replace("&gt;", ">");
        return Marks().Replace($" {text} ", " $1 ");
    }

    /// <summary>The text with spaces around points and commas that stand in no number, and around dashes behind one.</summary>
    internal static string WithPointsApart(string text)
    {
        text = PointAfterNoDigit().Replace(text, "$1 $2 ");
        text = PointBeforeNoDigit().Replace(text, " $1 $2");
        return DashAfterDigit().Replace(text, "$1 $2 ");
    }

    /// <summary>The words in lower case.</summary>
    public static string[] LowerCase(string text) => [.. Of(text).Select(word => word.ToLowerInvariant())];

    /// <summary>The words with A to Z in lower case and all else as written, as Perl does without a locale.</summary>
    public static string[] AsciiLowerCase(string text) => [.. Of(text).Select(AsciiLower)];

    static string AsciiLower(string word) => string.Create(word.Length, word, (lower, from) =>
    {
        for (int i = 0; i < lower.Length; i++) lower[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
    });
}
