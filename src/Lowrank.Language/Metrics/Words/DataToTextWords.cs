using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>The words of the LoRA repository's <c>gpt2_decode.py --tokenize --lower</c>: lower case, every character that is no word
/// character by itself.</summary>
public static partial class DataToTextWords
{
    // Python's \W: .NET's \w holds marks and connectors besides, Python's the numbers that are no decimal digits.
    [GeneratedRegex(@"([^\p{L}\p{N}_])")] private static partial Regex NoWordCharacter();

    /// <summary>The words of a text, with single spaces between.</summary>
    public static string Text(string text) =>
        string.Join(' ', WhiteSpaceWords.Of(NoWordCharacter().Replace(text.ToLowerInvariant(), " $1 ")));
}
