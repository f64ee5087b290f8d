using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>The words of Tercom, as sacreBLEU's TER has them: lower case, and punctuation apart where asked.</summary>
public static partial class TercomWords
{
    [GeneratedRegex(@"'s ")] private static partial Regex Possessive();
    [GeneratedRegex(@"'s$")] private static partial Regex LastPossessive();

    /// <summary>The words of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="normalized">Whether punctuation is parted from words (Western scripts).</param>
    public static string[] Of(string text, bool normalized = false)
    {
        text = text.ToLowerInvariant();
        return WhiteSpaceWords.Of(normalized ? Normalized(text) : text);
    }

    static string Normalized(string text)
    {
        text = MtevalWords.WithMarksApart(text.Replace("\n-", "").Replace('\n', ' '));
        text = LastPossessive().Replace(Possessive().Replace(text, " 's "), " 's");
        return MtevalWords.WithPointsApart(text);
    }
}
