using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>
/// Words as METEOR 1.5 makes them of English with <c>-norm</c>: lower case, hyphens within words gone, contractions parted before the
/// apostrophe. Without its list of abbreviations that keep their point.
/// </summary>
public static partial class MeteorWords
{
    const string Letters = @"A-Za-zŠŽšžŸÀ-ÖØ-öø-žЀ-ӿԀ-ԧꙀ-ꙮᴀ-ᵿ";

    [GeneratedRegex(@"([^0-9" + Letters + @"\s.'`,\-‘’])")] private static partial Regex Marks();
    [GeneratedRegex(@"\.{2,}")] private static partial Regex Dots();
    [GeneratedRegex(@"([^0-9]),([^0-9])")] private static partial Regex CommaOfWords();
    [GeneratedRegex(@"([0-9]),([^0-9])")] private static partial Regex CommaAfterNumber();
    [GeneratedRegex(@"([^0-9]),([0-9])")] private static partial Regex CommaBeforeNumber();
    [GeneratedRegex(@"[`‘’]")] private static partial Regex SingleQuotes();
    [GeneratedRegex(@"[“”]|''")] private static partial Regex DoubleQuotes();
    [GeneratedRegex(@"([0-9" + Letters + @".])-([0-9" + Letters + "])")] private static partial Regex Hyphen();
    [GeneratedRegex("([^" + Letters + "])'([^" + Letters + "])")] private static partial Regex ApostropheAlone();
    [GeneratedRegex("([^0-9" + Letters + "])'([" + Letters + "])")] private static partial Regex ApostropheBefore();
    [GeneratedRegex("([" + Letters + "])'([^" + Letters + "])")] private static partial Regex ApostropheAfter();
    [GeneratedRegex("([" + Letters + "])'([" + Letters + "])")] private static partial Regex ApostropheWithin();
    [GeneratedRegex("([0-9])'(s)")] private static partial Regex ApostropheAfterNumber();

    /// <summary>The words of a text.</summary>
    public static string[] Of(string text)
    {
        string line = Marks().Replace($" {text} ", " $1 ");
        line = Dots().Replace(line, match => " " + new string('\u2024', match.Length) + " ");
        line = CommaOfWords().Replace(line, "$1 , $2");
        line = CommaAfterNumber().Replace(line, "$1 , $2");
        line = CommaBeforeNumber().Replace(line, "$1 , $2");
        line = DoubleQuotes().Replace(SingleQuotes().Replace(line, "'"), " \" ");
        line = line.Replace('–', '-').Replace("--", "-");
        line = Hyphen().Replace(line, "$1 $2");
        line = ApostropheAlone().Replace(line, "$1 ' $2");
        line = ApostropheBefore().Replace(line, "$1 ' $2");
        line = ApostropheAfter().Replace(line, "$1 ' $2");
        line = ApostropheWithin().Replace(line, "$1 '$2");
        line = ApostropheAfterNumber().Replace(line, "$1 '$2");
        return [.. WithoutPoints(WhiteSpaceWords.Of(line)).Select(word => word.Replace('\u2024', '.').ToLowerInvariant())];
    }

    static IEnumerable<string> WithoutPoints(string[] words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            if (word.Length < 2 || word[^1] != '.') { yield return word; continue; }
            string stem = word[..^1];
            if (stem.Contains('.') && stem.Any(char.IsLetter)) { yield return word.Replace(".", ""); continue; }
            bool goesOn = i + 1 < words.Length && char.IsAsciiLetterLower(words[i + 1][0]);
            if (goesOn) { yield return word; continue; }
            yield return stem;
            yield return ".";
        }
    }
}
