using System.Globalization;
using System.Text;

namespace Lowrank.Language;

/// <summary>Classes of code points as tokenizers ask for them. A .NET regex or char sees half of a letter beyond U+FFFF.</summary>
static class CodePoints
{
    /// <summary>Unicode's White_Space.</summary>
    public static bool IsWhiteSpace(Rune rune) => Rune.IsWhiteSpace(rune);

    /// <summary>General category N, fractions and Roman numerals too.</summary>
    public static bool IsNumber(Rune rune) => Rune.IsNumber(rune);

    /// <summary>General category M.</summary>
    public static bool IsMark(Rune rune) =>
        !rune.IsAscii && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>What a regex calls <c>\w</c>: letters, marks, digits, connectors.</summary>
    public static bool IsWord(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || IsMark(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.LetterNumber;

    /// <summary>An ideograph of the blocks that BERT sets apart; Hangul, Hiragana and Katakana are none.</summary>
    public static bool IsIdeograph(Rune rune) =>
        rune.Value is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0x20000 and <= 0x2A6DF or >= 0x2A700 and <= 0x2B73F
            or >= 0x2B740 and <= 0x2B81F or >= 0x2B820 and <= 0x2CEAF or >= 0xF900 and <= 0xFAFF or >= 0x2F800 and <= 0x2FA1F;

    /// <summary>The code point that begins at a place of a text that has no lone surrogates, and how many UTF-16 units it has.</summary>
    public static Rune At(ReadOnlySpan<char> text, int index, out int length)
    {
        char first = text[index];
        if (char.IsSurrogate(first))
        {
            Rune.DecodeFromUtf16(text[index..], out var rune, out length);
            return rune;
        }
        length = 1;
        return new Rune(first);
    }
}
