using System.Globalization;

namespace Lowrank.Language;

/// <summary>The methods of Python's str that ask what its characters are.</summary>
static class TextTests
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<TemplateMethod<MarkedText>> All { get; } =
    [
        new("isalpha", "", (text, _) => Every(text, IsLetter)),
        new("isdecimal", "", (text, _) => Every(text, point => Category(point) == UnicodeCategory.DecimalDigitNumber)),
        new("isdigit", "", (text, _) => Every(text, IsDigit)),
        new("isnumeric", "", (text, _) => Every(text, IsNumeric)),
        new("isalnum", "", (text, _) => Every(text, point => IsLetter(point) || IsNumeric(point))),
        new("isspace", "", (text, _) => Every(text, point => point <= 0xffff && TextSearch.IsBlank((char)point))),
        new("isascii", "", (text, _) => text.Value.All(char.IsAscii)),
        new("isprintable", "", (text, _) => text.Value.Length == 0 || Every(text, PythonRepr.IsPrintable)),
        new("isupper", "", (text, _) => IsUpper(text)),
        new("islower", "", (text, _) => IsLower(text)),
        new("istitle", "", (text, _) => IsTitle(text)),
        new("isidentifier", "", (text, _) => IsIdentifier(text.Value)),
    ];

    static UnicodeCategory Category(int point) => CharUnicodeInfo.GetUnicodeCategory(point);

    static IEnumerable<int> Points(string text)
    {
        for (int i = 0; i < text.Length; i += PythonPoints.Width(text, i)) yield return PythonPoints.At(text, i);
    }

    static bool Every(MarkedText text, Func<int, bool> holds) => text.Value.Length > 0 && Points(text.Value).All(holds);

    static bool IsLetter(int point) => Category(point) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
        or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;

    // Digits that stand high or low are digits too, fractions are not.
    static bool IsDigit(int point) => CharUnicodeInfo.GetDigitValue(char.ConvertFromUtf32(Valid(point)), 0) >= 0;

    static bool IsNumeric(int point) => CharUnicodeInfo.GetNumericValue(char.ConvertFromUtf32(Valid(point)), 0) >= 0;

    static int Valid(int point) => point is >= 0xd800 and <= 0xdfff ? 'x' : point;

    /// <summary>Whether all that has a case is in upper case, and something has.</summary>
    public static bool IsUpper(MarkedText text) => HasOnly(text, UnicodeCategory.UppercaseLetter);

    /// <summary>Whether all that has a case is in lower case, and something has.</summary>
    public static bool IsLower(MarkedText text) => HasOnly(text, UnicodeCategory.LowercaseLetter);

    static bool HasOnly(MarkedText text, UnicodeCategory wanted)
    {
        var cased = Points(text.Value).Where(TextCase.IsCased).ToList();
        return cased.Count > 0 && cased.TrueForAll(point => Category(point) == wanted);
    }

    static bool IsTitle(MarkedText text)
    {
        bool isWithin = false, has = false;
        foreach (int point in Points(text.Value))
        {
            bool isCased = TextCase.IsCased(point);
            if (isCased && isWithin == (Category(point) != UnicodeCategory.LowercaseLetter)) return false;
            isWithin = isCased;
            has |= isCased;
        }
        return has;
    }

    /// <summary>Whether it may be a name.</summary>
    public static bool IsIdentifier(string text) =>
        text.Length > 0 && (IsLetter(PythonPoints.At(text, 0)) || text[0] == '_') && Points(text).All(IsNamePart);

    static bool IsNamePart(int point) => point == '_' || IsLetter(point) || Category(point) is UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.LetterNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        or UnicodeCategory.ConnectorPunctuation;
}
