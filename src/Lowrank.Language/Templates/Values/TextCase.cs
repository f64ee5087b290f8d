using System.Globalization;
using System.Text;

namespace Lowrank.Language;

/// <summary>Upper and lower case by Unicode's full mapping, in which a letter may become several.</summary>
static class TextCase
{
    // SpecialCasing.txt, unconditional; where the title form is not the first letter upper and the rest lower it stands in titles.
    static readonly Dictionary<int, string> uppers = Table(
        "ß SS|ŉ ʼN|ǰ J̌|ΐ Ϊ́|ΰ Ϋ́|և ԵՒ|ẖ H̱|ẗ T̈|ẘ W̊|ẙ Y̊|ẚ Aʾ|ﬀ FF|ﬁ FI|ﬂ FL|ﬃ FFI|ﬄ FFL|ﬅ ST|ﬆ ST|ﬓ ՄՆ|ﬔ ՄԵ|ﬕ ՄԻ|ﬖ ՎՆ|ﬗ ՄԽ|" +
        "ὐ Υ̓|ὒ Υ̓̀|ὔ Υ̓́|ὖ Υ̓͂|ᾶ Α͂|ῆ Η͂|ῒ Ϊ̀|ῖ Ι͂|ῗ Ϊ͂|ῢ Ϋ̀|ῤ Ρ̓|ῦ Υ͂|ῧ Ϋ͂|ῶ Ω͂|ᾳ ΑΙ|ᾼ ΑΙ|ῃ ΗΙ|ῌ ΗΙ|ῳ ΩΙ|ῼ ΩΙ|" +
        "ᾲ ᾺΙ|ᾴ ΆΙ|ῂ ῊΙ|ῄ ΉΙ|ῲ ῺΙ|ῴ ΏΙ|ᾷ Α͂Ι|ῇ Η͂Ι|ῷ Ω͂Ι|ı I|ǅ Ǆ|ǈ Ǉ|ǋ Ǌ|ǲ Ǳ");

    static readonly Dictionary<int, string> titles = Table("Ǆ ǅ|ǅ ǅ|ǆ ǅ|Ǉ ǈ|ǈ ǈ|ǉ ǈ|Ǌ ǋ|ǋ ǋ|ǌ ǋ|Ǳ ǲ|ǲ ǲ|ǳ ǲ|ᾳ ᾼ|ᾼ ᾼ|ῃ ῌ|ῌ ῌ|ῳ ῼ|ῼ ῼ|և Եւ");

    static Dictionary<int, string> Table(string rows) =>
        rows.Split('|').ToDictionary(row => PythonPoints.At(row, 0), row => row[(row.IndexOf(' ', StringComparison.Ordinal) + 1)..]);

    /// <summary>A code point in upper case.</summary>
    public static string Upper(int point)
    {
        // The Greek letters with an iota below come in three blocks of eight small and eight capital ones.
        bool hasIota = point is >= 0x1f80 and <= 0x1faf;
        if (hasIota) return char.ConvertFromUtf32(IotaBase[(point - 0x1f80) / 16] + point % 8) + "Ι";
        return uppers.TryGetValue(point, out string? special) ? special : Simple(point, Rune.ToUpperInvariant);
    }

    static readonly int[] IotaBase = [0x1f08, 0x1f28, 0x1f68];

    /// <summary>A code point in lower case, wherever it stands.</summary>
    public static string Lower(int point) => point switch
    {
        0x130 => "i̇",
        0x1c5 or 0x1c8 or 0x1cb => char.ConvertFromUtf32(point + 1),
        0x1f2 => "ǳ",
        _ => Simple(point, Rune.ToLowerInvariant),
    };

    /// <summary>A code point at the front of a word.</summary>
    public static string Title(int point)
    {
        if (titles.TryGetValue(point, out string? title)) return title;
        bool hasIota = point is >= 0x1f80 and <= 0x1faf;
        if (hasIota) return char.ConvertFromUtf32(point | 8);
        string upper = Upper(point);
        int front = PythonPoints.Width(upper, 0);
        return upper.Length == front ? upper : upper[..front] + Lowered(upper[front..]);
    }

    /// <summary>A code point for comparing without regard to case.</summary>
    public static string Folded(int point)
    {
        bool isItself = point is 0x131 or 0x1e9e;
        return isItself ? (point == 0x131 ? "ı" : "ss") : Lowered(Upper(point) is { Length: > 0 } upper && point != 0x130 ? upper : "İ");
    }

    static string Lowered(string text) => string.Concat(text.EnumerateRunes().Select(rune => Lower(rune.Value)));

    static string Simple(int point, Func<Rune, Rune> made) =>
        Rune.IsValid(point) ? made(new Rune(point)).ToString() : PythonPoints.Text(point);

    /// <summary>The text in upper case.</summary>
    public static MarkedText Upper(MarkedText text) => text.Mapped(Upper);

    /// <summary>The text in lower case, with the sigma that ends words.</summary>
    public static MarkedText Lower(MarkedText text)
    {
        if (!text.Value.Contains('Σ')) return text.Mapped(Lower);
        int at = 0;
        return text.Mapped(point =>
        {
            int here = at;
            at += point > 0xffff ? 2 : 1;
            return point == 'Σ' && EndsWord(text.Value, here) ? "ς" : Lower(point);
        });
    }

    static bool EndsWord(string text, int at)
    {
        int before = at - 1, behind = at + 1;
        while (before >= 0 && IsIgnored(text[before])) before--;
        while (behind < text.Length && IsIgnored(text[behind])) behind++;
        return before >= 0 && IsCased(text[before]) && !(behind < text.Length && IsCased(text[behind]));
    }

    static bool IsIgnored(char c) => c is '\'' or '.' or ':' or '’' || CharUnicodeInfo.GetUnicodeCategory(c) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter;

    /// <summary>Whether a code point has a case.</summary>
    public static bool IsCased(int point) => CharUnicodeInfo.GetUnicodeCategory(point) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;
}
