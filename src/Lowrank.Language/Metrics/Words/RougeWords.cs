using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>The words of Google's rouge-score: runs of a to z and digits in lower case, longer ones as their stems where asked.</summary>
public static partial class RougeWords
{
    // Shorter words are compared as they are.
    const int ShortestStemmed = 4;

    [GeneratedRegex("[^a-z0-9]+")] private static partial Regex Between();

    /// <summary>The words of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="stemmed">Whether words of more than three letters become their Porter stems.</param>
    public static string[] Of(string text, bool stemmed = false)
    {
        var words = WhiteSpaceWords.Of(Between().Replace(text.ToLowerInvariant(), " "));
        if (!stemmed) return words;
        return [.. words.Select(word => word.Length < ShortestStemmed ? word : PorterStemmer.Stem(word))];
    }
}
