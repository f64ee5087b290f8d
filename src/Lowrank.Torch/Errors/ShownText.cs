using System.Globalization;

namespace Lowrank.Torch;

/// <summary>
/// Texts of files and users as they may be shown: without what a terminal would obey (escapes, other control characters) and without marks
/// that turn the direction of reading.
/// </summary>
public static class ShownText
{
    /// <summary>A text on one line: ends of lines and tabs become spaces, and what may not be shown becomes U+FFFD.</summary>
    public static string Of(string text) => text.Any(IsUnshowable) ? string.Concat(text.Select(Shown)) : text;

    static char Shown(char c)
    {
        if (c is '\n' or '\t' or '\r' or '\u2028' or '\u2029') return ' ';
        return IsUnshowable(c) ? '\ufffd' : c;
    }

    // Format characters are, among harmless ones, the marks of direction; the joiners of emoji and scripts (U+200C, U+200D) stay.
    static bool IsUnshowable(char c)
    {
        if (c is '\u200c' or '\u200d') return false;
        return char.GetUnicodeCategory(c)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
    }
}
